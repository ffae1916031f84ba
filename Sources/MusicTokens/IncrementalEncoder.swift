public import MusicCore

/// Encodes music while it is played; the result is what `TokenEncoder` makes of the same events in a file.
///
///     var encoder = IncrementalEncoder()
///     encoder.receive(.init(channel: channel, kind: .noteOn(pitch, velocity)), at: tick)
///     let tokens = encoder.advance(to: now)
///
/// Tokens of a tick of 1/64 s come when the tick is over, because their order depends on all of its events.
public struct IncrementalEncoder: ~Copyable, Sendable {
  private let options: EncodingOptions
  private let map: TempoMap
  private var cursor: TempoMap.Cursor
  private var keys = KeyState(channelCount: 16)

  /// The latest instant, and what happened at it in the order of arrival.
  private var instant = Tick.zero
  private var pending: [(event: KeyState.Event, channel: Int, pitch: Int, level: DynamicLevel)] = []

  /// How often each key is down, as events arrive, and how many of these went down at this instant.
  private var held = [Int](repeating: 0, count: 16 * 128)
  private var fresh: [Int: Int] = [:]

  /// Time in microseconds, as live input has it.
  public static let microseconds = TempoMap(division: .metrical(ticksPerQuarter: 500_000))

  /// - Parameter tempoMap: what the ticks of the events mean; microseconds by default.
  public init(options: EncodingOptions = EncodingOptions(), tempoMap: TempoMap = Self.microseconds) {
    self.options = options
    map = tempoMap
    cursor = TempoMap.Cursor(tempoMap, rate: Token.ticksPerSecond)
  }

  /// Takes a message; ticks never fall. Earlier ones count as the latest tick.
  public mutating func receive(_ message: ChannelMessage, at tick: Tick) {
    guard options.includes(message.channel) else { return }
    if tick > instant { applyPending(upTo: tick) }
    let channel = Int(message.channel.rawValue)
    switch message.kind {
    case .noteOn(let pitch, let velocity):
      let key = channel << 7 | Int(pitch.rawValue)
      held[key] += 1
      fresh[key, default: 0] += 1
      pending.append((.noteOn, channel, Int(pitch.rawValue), DynamicLevel(nearest: velocity)))
    case .noteOff(let pitch, _):
      let key = channel << 7 | Int(pitch.rawValue)
      guard held[key] > 0 else { return }
      held[key] -= 1
      pending.append((.noteOff, channel, Int(pitch.rawValue), .pp))
    case .control(let control):
      guard let event = KeyState.Event(control, pedal: options.pedal) else { return }
      if event == .allNotesOff || event == .allSoundOff { endHeld(on: channel) }
      pending.append((event, channel, 0, .pp))
    }
  }

  /// Notes that start and are all ended at one instant have no length, though all-off comes first in the order
  /// of an instant.
  private mutating func endHeld(on channel: Int) {
    for pitch in 0..<128 {
      let key = channel << 7 | pitch
      for _ in 0..<min(held[key], fresh[key] ?? 0) { pending.append((.noteOff, channel, pitch, .pp)) }
      held[key] = 0
    }
  }

  private mutating func applyPending(upTo tick: Tick) {
    if !pending.isEmpty {
      let step = cursor.step(at: instant)
      pending.sort { $0.event.rank < $1.event.rank }
      for item in pending {
        keys.apply(item.event, channel: item.channel, pitch: item.pitch, level: item.level, at: step)
      }
      pending.removeAll(keepingCapacity: true)
      fresh.removeAll(keepingCapacity: true)
    }
    instant = tick
  }

  /// Time has come to `tick`: returns the tokens of everything before the tick of 1/64 s it falls in.
  public mutating func advance(to tick: Tick) -> [Token] {
    if tick > instant { applyPending(upTo: tick) }
    keys.writer.advance(to: cursor.step(at: instant))
    return keys.writer.takeTokens()
  }

  /// The music is over at `tick`: ends what keys and pedals still hold and returns the rest of the tokens.
  public mutating func finish(at tick: Tick) -> [Token] {
    if tick > instant { applyPending(upTo: tick) }
    for key in held.indices {
      for _ in 0..<held[key] { pending.append((.noteOff, key >> 7, key & 127, .pp)) }
      held[key] = 0
    }
    applyPending(upTo: instant)
    keys.writer.advance(to: cursor.step(at: instant))
    keys.writer.finish()
    return keys.writer.takeTokens()
  }
}
