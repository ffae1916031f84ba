package import MusicCore

/// Tap tempo: the first tap is the first beat of a bar, and from the second tap on there is a pulse.
package struct TapTempo: Sendable {
  private var taps: [Double] = []
  private var count = 0

  /// The longest time between two taps of a series, in seconds, and the number of intervals that are averaged.
  private static let longestInterval = 2.5
  private static let memory = 4

  package init() {}

  /// - Parameters:
  ///   - time: the time of the tap, in seconds of the session.
  ///   - meter: the meter whose beats are tapped.
  package mutating func tap(at time: Double, _ meter: Meter) -> Pulse? {
    if let last = taps.last, time - last > Self.longestInterval || time <= last { (taps, count) = ([], 0) }
    taps.append(time)
    count += 1
    if taps.count > Self.memory + 1 { taps.removeFirst() }
    guard let interval = median(zip(taps.dropFirst(), taps).map { $0 - $1 }) else { return nil }
    return Pulse(
      quarters: Double(count - 1) * meter.quartersPerBeat, seconds: time,
      secondsPerQuarter: interval / meter.quartersPerBeat)
  }
}
