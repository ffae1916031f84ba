public import MusicCore

/// Iterates over the messages of a performance with the clock times at which to send them.
public struct Playback: Sendable {
  private let performance: Performance
  private let speed: Double
  private let start: Seconds
  private let isLooping: Bool

  /// The clock time at which this round passes `start`.
  private var origin: Seconds
  /// Messages that are due before the next event of the performance.
  private var queued: [Performance.Event] = []
  private var index: Int
  private var sounding = SoundingNotes()
  /// The time until which a long system exclusive message occupies the cable.
  private var busyUntil = Seconds.zero

  /// Plays `performance` from `start` on, `speed` times as fast as written, beginning when the clock shows `origin`,
  /// once or in an endless loop.
  ///
  /// - Precondition: `speed` is greater than zero.
  public init(
    _ performance: Performance, from start: Seconds = .zero, speed: Double = 1, looping: Bool = false,
    origin: Seconds
  ) {
    precondition(speed > 0, "the speed must be greater than zero")
    self.performance = performance
    self.speed = speed
    self.start = start
    // A loop of zero length would send endlessly at one time.
    isLooping = looping && performance.duration > start && !performance.events.isEmpty
    self.origin = origin
    index = performance.events.partitioningIndex { $0.time >= start }
    queued = performance.state(before: start).map { Performance.Event(time: origin, message: $0) }
  }

  /// The next message and the clock time at which it is due, or nil at the end.
  public mutating func next() -> Performance.Event? {
    if queued.isEmpty, index == performance.events.count { endRound() }
    var event: Performance.Event
    if !queued.isEmpty {
      event = queued.removeFirst()
    } else if index < performance.events.count {
      event = performance.events[index]
      event.time = clockTime(of: event.time)
      index += 1
    } else {
      return nil
    }
    event.time = max(event.time, busyUntil)
    busyUntil = event.time + SystemExclusivePacing.duration(of: event.message)
    sounding.apply(event.message)
    return event
  }

  /// The position in the performance when the clock shows `time`.
  public func position(at time: Seconds) -> Seconds {
    let elapsed = Seconds(start.rawValue + (time - origin).rawValue * speed)
    return max(start, min(performance.duration, elapsed))
  }

  private func clockTime(of time: Seconds) -> Seconds {
    Seconds(origin.rawValue + (time - start).rawValue / speed)
  }

  /// Ends what still sounds at the end of a round, and starts the next round of a loop.
  private mutating func endRound() {
    let end = clockTime(of: performance.duration)
    queued = sounding.releasing().map { Performance.Event(time: end, message: $0) }
    if isLooping {
      origin = end
      index = performance.events.partitioningIndex { $0.time >= start }
      queued += performance.state(before: start).map { Performance.Event(time: end, message: $0) }
    }
  }
}
