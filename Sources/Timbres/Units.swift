internal import Glibc

/// The frequency in hertz of a MIDI key in equal temperament.
func frequency(ofKey key: Double) -> Double { 440 * exp2((key - 69) / 12) }

/// The amplitude ratio of a level in decibels.
func ratio(decibels: Double) -> Double { pow(10, decibels / 20) }

/// The level in decibels of an amplitude ratio.
func decibels(ratio: Double) -> Double { 20 * log10(ratio) }

/// The amplitude of a low-pass at `frequency`: per unit of `order`, −3 dB at `corner` and then 6 dB per octave.
func lowPass(_ frequency: Double, corner: Double, order: Double) -> Double {
  pow(1 + (frequency / corner) * (frequency / corner), -order / 2)
}

/// The frames per second for a sound with nothing significant above `bandwidth` hertz: enough to keep the aliasing of a
/// sampler's interpolation inaudible, and at most `limit`.
func rate(covering bandwidth: Double, limit: Double) -> Double { min(limit, max(9600, 2.5 * bandwidth)) }

/// Interpolates linearly between the points of a sorted table.
func interpolate(_ x: Double, _ table: [(Double, Double)]) -> Double {
  guard let upper = table.firstIndex(where: { $0.0 >= x }) else { return table[table.count - 1].1 }
  guard upper > 0 else { return table[0].1 }
  let (a, b) = (table[upper - 1], table[upper])
  return a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0)
}
