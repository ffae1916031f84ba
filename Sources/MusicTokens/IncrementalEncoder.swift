public import MusicCore

/// Encodes music while it is played; the tokens equal those that `TokenEncoder` produces for the same events in a file.
///
///     var encoder = IncrementalEncoder()
///     encoder.receive(.init(channel: channel, kind: .noteOn(pitch, velocity)), at: tick)
///     let tokens = encoder.advance(to: now)
///
/// Messages are applied in order of arrival. The tokens of a tick of 1/64 s are emitted when the tick is over, because
/// their order depends on all of its events.
public struct IncrementalEncoder: ~Copyable, Sendable {
  private let options: EncodingOptions
  private var cursor: TempoMap.Cursor
  private var sounding = KeyState(channelCount: 16)
  private var presses = KeyPresses(channelCount: 16)
  private var rhythm = RhythmParts()
  private var instant = Tick.zero

  /// Time in microseconds, as for live input.
  public static let microseconds = TempoMap(division: .metrical(ticksPerQuarter: 500_000))

  /// - Parameter tempoMap: the time of the events' ticks; microseconds by default.
  public init(options: EncodingOptions = EncodingOptions(), tempoMap: TempoMap = Self.microseconds) {
    self.options = options
    cursor = TempoMap.Cursor(tempoMap, rate: TokenTime.ticksPerSecond)
  }

  /// Receives a message. Ticks must not decrease; earlier ones count as the latest tick.
  public mutating func receive(_ message: MIDIMessage, at tick: Tick) {
    instant = max(instant, tick)
    switch message {
    case .channel(let message): receive(message)
    case .systemExclusive(let bytes): DeviceMessage.meanings(of: bytes).forEach { receive($0) }
    case .system(.reset): receive(.reset(.gm))
    case .system: break
    }
  }

  /// Receives a channel message. Ticks must not decrease; earlier ones count as the latest tick.
  public mutating func receive(_ message: ChannelMessage, at tick: Tick) {
    receive(.channel(message), at: tick)
  }

  private mutating func receive(_ message: ChannelMessage) {
    rhythm.apply(message)
    let channel = Int(message.channel.rawValue)
    switch message.kind {
    case .noteOn(let pitch, let velocity):
      guard includes(message.channel) else { return }
      let pitch = Int(pitch.rawValue)
      if presses.press(pitch, channel: channel) { apply(.noteOff, channel, pitch) }
      apply(.noteOn, channel, pitch, DynamicLevel(nearest: velocity))
    case .noteOff(let pitch, _):
      let pitch = Int(pitch.rawValue)
      if presses.release(pitch, channel: channel) { apply(.noteOff, channel, pitch) }
    case .control(let control):
      guard let event = KeyState.Event(control, pedal: options.pedal) else { return }
      if event == .allNotesOff || event == .allSoundOff { presses.releaseAll(channel: channel) }
      apply(event, channel)
    }
  }

  private mutating func receive(_ message: DeviceMessage) {
    rhythm.apply(message)
    guard case .reset = message else { return }
    presses.releaseAll()
    sounding.reset(at: cursor.step(at: instant))
  }

  private func includes(_ channel: Channel) -> Bool {
    options.channels?.contains(channel) ?? (options.includesDrums || !rhythm.contains(channel))
  }

  private mutating func apply(
    _ event: KeyState.Event, _ channel: Int, _ pitch: Int = 0, _ level: DynamicLevel = .pp
  ) {
    sounding.apply(event, channel: channel, pitch: pitch, level: level, at: cursor.step(at: instant))
  }

  /// Advances to `tick`, and returns the tokens of all events before its tick of 1/64 s.
  public mutating func advance(to tick: Tick) -> [Token] {
    instant = max(instant, tick)
    sounding.writer.advance(to: cursor.step(at: instant))
    return sounding.writer.takeTokens()
  }

  /// Ends the music at `tick`: ends the notes that keys and pedals hold, and returns the remaining tokens.
  public mutating func finish(at tick: Tick) -> [Token] {
    instant = max(instant, tick)
    for (channel, pitch) in presses.keysDown { apply(.noteOff, channel, pitch) }
    sounding.writer.advance(to: cursor.step(at: instant))
    sounding.writer.finish()
    return sounding.writer.takeTokens()
  }
}
