public import MusicCore

/// Encodes scores as the canonical token stream: it depends on the music alone, not on how a file stores it.
public struct TokenEncoder: Sendable {
  public var options: EncodingOptions

  public init(options: EncodingOptions = EncodingOptions()) { self.options = options }

  /// The tokens of a score. O(n).
  ///
  /// - Throws: `EncodingError` where the score is longer than 10 000 hours.
  public func encode(_ score: Score) throws(EncodingError) -> [Token] {
    let timeline = EventTimeline(score, options: options)
    guard let last = timeline.events.last else { return [] }
    let duration = score.tempoMap.seconds(at: last.tick)
    guard duration <= EncodingError.longest else { throw .tooLong(duration) }

    var keys = KeyState(channelCount: timeline.channelCount)
    keys.writer.reserve(timeline.events.count * 2)
    var cursor = TempoMap.Cursor(score.tempoMap, rate: Token.ticksPerSecond)
    for event in timeline.events {
      keys.apply(
        event.kind, channel: Int(event.channel), pitch: Int(event.pitch), level: event.level,
        at: cursor.step(at: event.tick))
    }
    keys.writer.finish()
    return keys.writer.takeTokens()
  }
}
