internal import Glibc
internal import MusicCore

/// The fastest regular pulse (tatum) that the onsets of a stream keep to, found by a bank of phasors, one for each period: the
/// mean resultant of the onsets' phases is long where they agree (Mardia & Jupp 2000, "Directional Statistics").
///
/// Sampled time shifts err by a tick now and then. In a score played in time such errors cancel, each onset lying within half a
/// tick of the beat; sampled independently they add up to a tempo that wanders.
package struct PulseTracker: Sendable {
  /// The decayed sum of the onsets' phasors of each period, rotated to the last onset.
  private var sums = [Phasor](repeating: Phasor(), count: periods.count)
  /// The decayed number of onsets.
  private var weight: Float = 0
  /// The tick of the last onset; nil before the first.
  private var lastOnset: Int?
  /// The pulse of the onsets so far; nil if they have none.
  package private(set) var pulse: Pulse?

  private struct Phasor {
    var real: Float = 0
    var imaginary: Float = 0
    var squaredLength: Float { real * real + imaginary * imaginary }
  }

  /// A regular pulse.
  package struct Pulse: Hashable, Sendable {
    /// Its period, in ticks.
    package var period: Float
    /// The time from the nearest pulse to the last onset, in ticks; negative if the pulse comes after the onset.
    package var lateness: Float
  }

  /// The periods in ticks, from 94 to 250 ms: those of sixteenths at 60 to 160 beats a minute. Slower pulses are multiples of
  /// these. The steps are so small that the phases at both ends of the memory agree.
  private static let periods: [Float] = (0..<654).map { 6 * expf(0.0015 * Float($0)) }
  /// The half-life of an onset's weight, in ticks: 4 s.
  private static let halfLife: Float = 256
  /// The rotations of all periods over 0 ..< `tabulatedTicks` ticks, which nearly all times between onsets are: a prompt has
  /// thousands of them.
  private static let rotations = (0..<tabulatedTicks).flatMap { ticks in
    periods.indices.map { rotation(over: ticks, ofPeriod: $0) }
  }
  private static let tabulatedTicks = 64
  /// The minimum decayed number of onsets for a pulse; any smaller number of onsets agrees with some period.
  private static let leastWeight: Float = 8
  /// The least mean resultant of a pulse.
  private static let leastAgreement: Float = 0.75
  /// The slowest pulse is chosen whose resultant is shorter than the longest by at most this, since faster pulses that
  /// divide it agree as well.
  private static let tolerance: Float = 0.03
  /// The number of periods over which a maximum may spread.
  private static let neighbors = 16

  private static func rotation(over ticks: Int, ofPeriod index: Int) -> Phasor {
    let angle = 2 * Float.pi * Float(ticks) / periods[index]
    return Phasor(real: cosf(angle), imaginary: sinf(angle))
  }

  mutating func append(at onset: Int) {
    guard onset != lastOnset else { return }
    let passed = onset - (lastOnset ?? onset)
    lastOnset = onset
    let decay = exp2f(-Float(passed) / Self.halfLife)
    weight = weight * decay + 1
    let rotations = passed < Self.tabulatedTicks ? Self.rotations[(passed * sums.count)...] : []
    var longest: Float = 0
    for index in sums.indices {
      let rotation =
        rotations.isEmpty
        ? Self.rotation(over: passed, ofPeriod: index) : rotations[passed * sums.count + index]
      let (cosine, sine) = (decay * rotation.real, decay * rotation.imaginary)
      let sum = sums[index]
      sums[index] = Phasor(
        real: sum.real * cosine + sum.imaginary * sine + 1, imaginary: sum.imaginary * cosine - sum.real * sine)
      longest = max(longest, sums[index].squaredLength)
    }
    pulse = nil
    longest = longest.squareRoot()
    guard weight >= Self.leastWeight, longest >= Self.leastAgreement * weight else { return }
    let enough = max(Self.leastAgreement * weight, longest - Self.tolerance * weight)
    // Among neighbors the period that agrees best.
    var best: Int?
    for index in sums.indices.reversed() where sums[index].squaredLength >= enough * enough {
      if let found = best {
        guard index >= found - Self.neighbors else { break }
        if sums[index].squaredLength > sums[found].squaredLength { best = index }
      } else {
        best = index
      }
    }
    guard let best else { return }
    // Relative to an onset that is late by x, the phase of a pulse is −2πx / period.
    let turns = atan2f(sums[best].imaginary, sums[best].real) / (2 * .pi)
    pulse = Pulse(period: Self.periods[best], lateness: -turns * Self.periods[best])
  }

  /// The tick of the pulse next to a tick after the last onset; nil if there is no pulse.
  func nearestPulse(to time: Int) -> Int? {
    guard let pulse, let lastOnset else { return nil }
    let beats = ((Float(time - lastOnset) + pulse.lateness) / pulse.period).rounded()
    return lastOnset + Int((beats * pulse.period - pulse.lateness).rounded())
  }
}
