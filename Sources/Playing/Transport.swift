public import MusicCore

/// A performance that is sent message by message, and that can be paused, repeated, and played from another place. It has no
/// clock: callers pass the time.
///
///     var transport = Transport(performance, at: clock.now)
///     for message in transport.due(at: clock.now) { synthesizer.send(message) }
public struct Transport: Sendable {
  private let performance: Performance
  private let speed: Double
  /// Where each round begins; nil where there is one.
  private let roundStart: Seconds?
  private var playback: Playback
  /// Where in the performance and when by the clock playing began last.
  private var began: (position: Seconds, time: Seconds)
  private var following: Performance.Event?
  private var sounding = SoundingNotes()
  private var pausedAt: Seconds?

  /// - Parameters:
  ///   - start: where to begin, and each further round too.
  ///   - speed: how many times as fast as written; over zero.
  ///   - looping: whether it begins again at its end.
  ///   - now: what the clock shows when it begins.
  public init(
    _ performance: Performance, from start: Seconds = .zero, speed: Double = 1, looping: Bool = false, at now: Seconds
  ) {
    self.performance = performance
    self.speed = speed
    // A round without extent would go on for ever at one time.
    roundStart = looping && performance.duration > start && !performance.events.isEmpty ? start : nil
    playback = Playback(performance, from: start, speed: speed, origin: now)
    began = (start, now)
    following = playback.next()
  }

  public var isPaused: Bool { pausedAt != nil }

  /// Whether there is nothing more to send; never while it is paused.
  public var isOver: Bool { following == nil && pausedAt == nil }

  /// When the next message is due; nil where none is.
  public var nextTime: Seconds? { isPaused ? nil : following?.time }

  /// The messages that are due by now and were not sent yet.
  public mutating func due(at now: Seconds) -> [MIDIMessage] {
    var messages: [MIDIMessage] = []
    guard !isPaused else { return messages }
    while let event = following, event.time <= now {
      sounding.apply(event.message)
      messages.append(event.message)
      following = playback.next()
      if following == nil, let roundStart { begin(from: roundStart, at: clockTime(of: performance.duration)) }
    }
    return messages
  }

  /// Where in the performance playing is.
  public func position(at now: Seconds) -> Seconds { pausedAt ?? playback.position(at: now) }

  /// Stops; returns what ends all that sounds.
  public mutating func pause(at now: Seconds) -> [MIDIMessage] {
    if pausedAt == nil { pausedAt = position(at: now) }
    return release()
  }

  /// Goes on where it was paused.
  public mutating func resume(at now: Seconds) {
    guard let position = pausedAt else { return }
    pausedAt = nil
    begin(from: position, at: now)
  }

  /// Goes to a place; returns what ends all that sounds. It stays paused where it was.
  public mutating func seek(to position: Seconds, at now: Seconds) -> [MIDIMessage] {
    let position = max(.zero, min(performance.duration, position))
    if pausedAt != nil { pausedAt = position } else { begin(from: position, at: now) }
    return release()
  }

  /// What ends all that sounds.
  public mutating func release() -> [MIDIMessage] {
    let messages = sounding.releasing()
    for message in messages { sounding.apply(message) }
    return messages
  }

  private mutating func begin(from position: Seconds, at now: Seconds) {
    playback = Playback(performance, from: position, speed: speed, origin: now)
    began = (position, now)
    following = playback.next()
  }

  private func clockTime(of position: Seconds) -> Seconds {
    Seconds(began.time.rawValue + (position - began.position).rawValue / speed)
  }
}
