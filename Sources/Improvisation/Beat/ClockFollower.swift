package import MusicCore

/// Follows MIDI clock (MIDI 1.0 Detailed Specification, system real-time messages): 24 messages a quarter note.
///
/// Start and Continue take effect at the next clock message, Song Position only while the clock is stopped. Tempo and
/// phase come from a straight line through the messages: a least-squares fit up to 72 messages, and from then on an
/// alpha-beta filter with the gains of that fit (growing-memory filter), so that jitter averages out. Three messages in
/// a row that are far too early, or far too late, are taken for a change of tempo.
package struct ClockFollower: Sendable {
  /// What a message changed.
  package enum Change: Hashable, Sendable {
    /// The song started or continued; its pulse follows.
    case runs
    case stops
    /// The new pulse; nil if it is no longer known.
    case pulse(Pulse?)
  }

  package static let clocksPerQuarter = 24

  package private(set) var isRunning = false
  /// How often the clock stopped without a Stop message.
  package private(set) var losses = 0
  /// The mean distance of messages from the line, in seconds.
  package private(set) var jitter = 0.0

  /// Added to the time of each message, in seconds.
  private let offset: Double
  /// The song position in MIDI clocks: that of the latest message while the song runs, otherwise where it will
  /// continue.
  private var position = 0
  private var isStarting = false
  /// The line through the messages: their number, the time of the latest on the line, and the interval between two.
  private var count = 0
  private var time = 0.0
  private var period = 0.0
  /// The latest messages, the newest first.
  private var stamps: [Double] = []
  private var outliers = 0
  private var reported: Pulse?

  private static let memory = 72
  /// How long the tempo is kept after the clock is lost, in seconds.
  private static let tempoTimeout = 2.0

  package init(offset: Double = 0) { self.offset = offset }

  /// Receives a message that came at a time in seconds; times never decrease.
  package mutating func receive(_ message: MIDIMessage.System, at time: Double) -> [Change] {
    switch message {
    case .clock: return clock(at: time + offset)
    case .start:
      (position, isStarting) = (0, true)
    case .continue:
      isStarting = true
    case .stop:
      guard isRunning || isStarting else { return [] }
      // Continue resumes with the clock that would have come next.
      if isRunning { position += 1 }
      (isRunning, isStarting, reported) = (false, false, nil)
      return [.stops, .pulse(nil)]
    case .songPosition(let beats):
      if !isRunning, !isStarting { position = 6 * Int(beats) }
    default: break
    }
    return []
  }

  /// Advances time: a clock that has sent nothing for too long is lost.
  package mutating func pass(to time: Double) -> [Change] {
    guard reported != nil, let last = stamps.first, time + offset - last > longestGap + Self.tempoTimeout else {
      return []
    }
    losses += 1
    reported = nil
    return [.pulse(nil)]
  }

  /// The time without messages after which the clock is lost, in seconds.
  private var longestGap: Double { max(0.5, 4 * period) }

  private mutating func clock(at stamp: Double) -> [Change] {
    let gap = stamps.first.map { stamp - $0 } ?? 0
    // Extrapolated, as if the missing messages had come.
    var steps = 1
    if gap > longestGap {
      if period > 0 { steps = max(1, Int((gap / period).rounded())) }
      (count, outliers) = (0, 0)
      stamps = []
    }
    track(stamp)
    if isStarting {
      (isStarting, isRunning, reported) = (false, true, nil)
      return [.runs] + report()
    }
    guard isRunning else { return [] }
    position += steps
    return report()
  }

  private mutating func track(_ stamp: Double) {
    stamps.insert(stamp, at: 0)
    if stamps.count > 4 { stamps.removeLast() }
    count += 1
    guard count > 1 else {
      time = stamp
      return
    }
    let error = stamp - (time + period)
    let isOutlier = count > 4 && abs(error) > max(0.004, 0.3 * period)
    outliers = !isOutlier ? 0 : (error < 0) == (outliers < 0) ? outliers + (error < 0 ? -1 : 1) : error < 0 ? -1 : 1
    if abs(outliers) >= 3, stamps.count == 4 {
      (time, period, count, outliers) = (stamp, (stamp - stamps[3]) / 3, 4, 0)
      return
    }
    let n = Double(min(count, Self.memory) - 1)
    time += period + error * 2 * (2 * n + 1) / ((n + 1) * (n + 2))
    period += error * 6 / ((n + 1) * (n + 2))
    jitter += (abs(error) - jitter) / min(Double(count), 100)
  }

  /// The pulse, if it is known and differs from the last one reported; at most once a quarter note at a steady tempo.
  private mutating func report() -> [Change] {
    let isDue = count == 6 || count == 12 || position.isMultiple(of: Self.clocksPerQuarter) || reported == nil
    guard count >= 6, period > 0, isDue else { return [] }
    let pulse = Pulse(
      quarters: Double(position) / Double(Self.clocksPerQuarter), seconds: time,
      secondsPerQuarter: period * Double(Self.clocksPerQuarter))
    if let reported, abs(reported.second(ofQuarter: pulse.quarters) - time) < 0.0005,
      abs(reported.secondsPerQuarter / pulse.secondsPerQuarter - 1) < 0.001
    {
      return []
    }
    reported = pulse
    return [.pulse(pulse)]
  }
}
