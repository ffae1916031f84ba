internal import MusicCore
internal import MusicTokens

/// Encodes planned events as the encoder will encode them when they are played.
enum StreamText {
  /// The tokens of `events`, if nothing else happens after a step of the stream.
  ///
  /// - Parameters:
  ///   - step: the current step of the stream.
  ///   - level: the current dynamic level; nil if none has been set.
  ///   - sounding: the sounding pitches.
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
