public import MusicCore

/// Plays a performance message by message, with pause, loop and seek. It has no clock: callers pass the time.
///
///     var transport = Transport(performance, at: clock.now)
///     for message in transport.due(at: clock.now) { synthesizer.send(message) }
public struct Transport: Sendable {
  private let performance: Performance
  private let speed: Double
  /// The start of each round; nil if there is only one round.
  private let roundStart: Seconds?
  private var playback: Playback
  /// The position in the performance and the clock time at which playing last started.
  private var began: (position: Seconds, time: Seconds)
  private var following: Performance.Event?
  private var sounding = SoundingNotes()
  private var pausedAt: Seconds?

  /// - Parameters:
  ///   - start: the position at which each round starts.
  ///   - speed: the speed relative to the written one; greater than zero.
  ///   - looping: whether to start again at the end.
  ///   - now: the clock time of the start.
  public init(
    _ performance: Performance, from start: Seconds = .zero, speed: Double = 1, looping: Bool = false, at now: Seconds
  ) {
    self.performance = performance
    self.speed = speed
    // A loop of zero length would send endlessly at one time.
    roundStart = looping && performance.duration > start && !performance.events.isEmpty ? start : nil
    playback = Playback(performance, from: start, speed: speed, origin: now)
    began = (start, now)
    following = playback.next()
  }

  /// Whether playing is paused.
  public var isPaused: Bool { pausedAt != nil }

  /// Whether there is nothing more to send; never while it is paused.
  public var isOver: Bool { following == nil && pausedAt == nil }

  /// When the next message is due; nil if none is.
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

  /// The current position in the performance.
  public func position(at now: Seconds) -> Seconds { pausedAt ?? playback.position(at: now) }

  /// Pauses; returns the messages that end all sound.
  public mutating func pause(at now: Seconds) -> [MIDIMessage] {
    if pausedAt == nil { pausedAt = position(at: now) }
    return release()
  }

  /// Continues from the position where it was paused.
  public mutating func resume(at now: Seconds) {
    guard let position = pausedAt else { return }
    pausedAt = nil
    begin(from: position, at: now)
  }

  /// Moves to a position; returns the messages that end all sound. If paused, it stays paused.
  public mutating func seek(to position: Seconds, at now: Seconds) -> [MIDIMessage] {
    let position = max(.zero, min(performance.duration, position))
    if pausedAt != nil { pausedAt = position } else { begin(from: position, at: now) }
    return release()
  }

  /// The messages that end all sound.
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
