internal import MusicCore
internal import MusicTokens

/// Events of the future as the encoder would write them.
enum StreamText {
  /// The tokens of events that are all that happens after a step of the stream.
  ///
  /// - Parameters:
  ///   - step: where the stream stands.
  ///   - level: the level in force there; nil where none was stated.
  ///   - sounding: the pitches that sound there.
  static func tokens(
    of events: some Collection<PlannedEvent>, after step: Int, level: DynamicLevel?, sounding: PitchSet
  ) -> [Token] {
    guard !events.isEmpty else { return [] }
    var writer = TokenWriter()
    writer.resume(level: level, sounding: sounding)
    var serials = [Int32](repeating: 1, count: 128)
    for event in events {
      writer.advance(to: event.tick.step - step)
      let pitch = Int(event.pitch.rawValue)
      if let level = event.level {
        serials[pitch] = writer.start(pitch, level: level, held: 0)
      } else {
        writer.end(pitch, serial: serials[pitch])
      }
    }
    writer.advance(to: Int.max / 2)
    return writer.takeTokens()
  }
}
