import MusicCore
import TestSupport

extension Score {
  /// A score of up to 120 notes in up to four tracks, with every kind of event that a file can hold.
  static func generated(using random: inout SeededGenerator) -> Score {
    let division: Division =
      .metrical(ticksPerQuarter: [1, 24, 96, 480, 960, 32767].randomElement(using: &random) ?? 480)
    let tracks = (0..<Int.random(in: 1...4, using: &random)).map { _ in Track.generated(using: &random) }
    return Score(
      tempoMap: TempoMap(
        division: division,
        changes: ticks(8, using: &random).map {
          TempoChange(tick: $0, microsecondsPerQuarter: .random(in: 1...0xFF_FFFF, using: &random))
        }),
      tracks: tracks,
      timeSignatures: ticks(4, using: &random).map {
        TimeSignature(
          tick: $0, numerator: .random(in: 1...255, using: &random),
          denominator: 1 << Int.random(in: 0...7, using: &random))
      },
      keySignatures: ticks(4, using: &random).map {
        KeySignature(tick: $0, sharps: .random(in: -7...7, using: &random), isMinor: .random(using: &random))
      })
  }
}

/// Up to `limit` sorted positions.
private func ticks(_ limit: Int, using random: inout SeededGenerator) -> [Tick] {
  (0..<Int.random(in: 0...limit, using: &random))
    .map { _ in Tick(rawValue: .random(in: 0...100_000, using: &random)) }.sorted()
}

extension Track {
  static func generated(using random: inout SeededGenerator) -> Track {
    let port: UInt8 = [0, 0, 0, 1, 255].randomElement(using: &random) ?? 0
    var track = Track()
    track.notes = Note.sequence(of: .random(in: 0...30, using: &random), using: &random)
    track.controls = ticks(20, using: &random).map {
      ControlEvent(
        tick: $0, channel: Channel(status: .random(in: 0...15, using: &random)), message: .generated(using: &random))
    }
    track.texts = ticks(3, using: &random).map {
      let count = [1, 5, 127, 128].randomElement(using: &random) ?? 1
      let bytes = (0..<count).map { _ in UInt8.random(in: 0 ... .max, using: &random) }
      return TextEvent(tick: $0, kind: .init(rawValue: .random(in: 1...9, using: &random)) ?? .text, bytes: bytes)
    }
    track.systemExclusives = ticks(3, using: &random).map {
      let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in UInt8.random(in: 0...127, using: &random) }
      return SystemExclusive(tick: $0, bytes: bytes)
    }
    for index in track.notes.indices { track.notes[index].port = port }
    for index in track.controls.indices { track.controls[index].port = port }
    for index in track.systemExclusives.indices { track.systemExclusives[index].port = port }
    track.end = Tick(rawValue: 200_000)
    return track
  }
}

extension ControlEvent.Message {
  /// Any message except the controllers that end notes.
  static func generated(using random: inout SeededGenerator) -> Self {
    let value = UInt8.random(in: 0...127, using: &random)
    let number = UInt8.random(in: 0..<120, using: &random)
    return switch Int.random(in: 0..<5, using: &random) {
    case 0: .program(Program(masking: value))
    case 1: .pitchBend(.random(in: -8192...8191, using: &random))
    case 2: .channelPressure(value)
    case 3: .keyPressure(Pitch(masking: number), value)
    default: .controller(Controller(masking: number), value)
    }
  }
}

extension Note {
  /// Notes sorted by onset. None overlaps another of its pitch and channel, so that a file can distinguish them.
  static func sequence(of count: Int, using random: inout SeededGenerator) -> [Note] {
    var free: [Int: Int64] = [:]
    var onset: Int64 = 0
    return (0..<count).map { _ in
      onset += .random(in: 0...500, using: &random)
      let pitch = UInt8.random(in: 0...127, using: &random)
      let channel = UInt8.random(in: 0...15, using: &random)
      let key = Int(channel) << 7 | Int(pitch)
      onset = max(onset, free[key, default: 0])
      let note = Note(
        onset: Tick(rawValue: onset), end: Tick(rawValue: onset + .random(in: 0...2000, using: &random)),
        pitch: Pitch(masking: pitch), velocity: Velocity(masking: .random(in: 1...127, using: &random)),
        channel: Channel(status: channel), releaseVelocity: Velocity(masking: .random(in: 0...127, using: &random)))
      free[key] = note.end.rawValue + 1
      return note
    }
  }
}
