internal import MusicCore

/// A note on the time line, ties joined, with the length that is written.
struct PlayedNote {
  var onset: Int
  var length: Int
  var pitch: Pitch
  var touch: Touch
  var accent: Int
  /// Its position in the source.
  var offset: Int

  /// The note as it sounds: legato its whole length, staccato half of it, and otherwise slightly shortened, by
  /// an eighth of its length and a 32nd at most.
  func played(velocity: Int, on channel: Channel, ticksPerQuarter: Int) -> Note {
    let sounding =
      switch touch {
      case .legato: length
      case .staccato: length / 2
      case .normal: length - min(length / 8, ticksPerQuarter / 8)
      }
    let start = Tick(rawValue: Int64(onset))
    return Note(
      onset: start,
      end: start + Tick(rawValue: Int64(max(1, sounding))),
      pitch: pitch,
      velocity: Velocity(masking: UInt8(min(127, max(1, velocity)))),
      channel: channel
    )
  }
}
