public import MusicCore

/// Encodes scores as the canonical token stream, which depends on the music alone, not on how a file stores it.
public struct TokenEncoder: Sendable {
  /// What is encoded.
  public var options: EncodingOptions

  /// Creates an encoder.
  public init(options: EncodingOptions = EncodingOptions()) { self.options = options }

  /// The tokens of a score. O(n).
  ///
  /// - Throws: `TokenEncodingError` if the score is longer than 10 000 hours.
  public func encode(_ score: Score) throws(TokenEncodingError) -> [Token] {
    let stream = EventStream(score, encoding: options)
    guard let last = stream.records.last else { return [] }
    let duration = score.tempoMap.seconds(at: last.tick)
    guard duration <= TokenEncodingError.longest else { throw .tooLong(duration) }

    var keys = KeyState(channelCount: stream.channels.count)
    keys.writer.reserve(stream.records.count * 2)
    var cursor = TempoMap.Cursor(score.tempoMap, rate: TokenTime.ticksPerSecond)
    for record in stream.records {
      let step = cursor.step(at: record.tick)
      if record.use == .filesOnly {
        // The music lasts until its last message, even if that has no effect on notes.
        keys.writer.advance(to: step)
        continue
      }
      if record.status == 0xF0 {
        if DeviceMessage.isReset(stream.systemExclusive(of: record).bytes) { keys.reset(at: step) }
        continue
      }
      // Channels without notes need no state.
      guard let channel = stream.channels[record.channel, port: record.port],
        let event = KeyState.Event(record, pedal: options.pedal)
      else { continue }
      keys.apply(
        event, channel: channel, pitch: Int(record.data1),
        level: DynamicLevel(nearest: Velocity(masking: record.data2)), at: step)
    }
    keys.writer.finish()
    return keys.writer.takeTokens()
  }
}

extension KeyState.Event {
  @inline(__always)
  fileprivate init?(_ record: EventStream.Record, pedal: EncodingOptions.Pedal) {
    switch record.status & 0xF0 {
    case 0x90: self = .noteOn
    case 0x80: self = .noteOff
    default: self.init(Controller(masking: record.data1), record.data2, pedal: pedal)
    }
  }
}
