internal import Glibc

/// A seeded generator (SplitMix64: Steele, Lea and Flood 2014), so that every build makes the same bytes.
struct Randomness: RandomNumberGenerator {
  private var state: UInt64

  /// Different names give independent streams (FNV-1a of the name).
  init(_ name: String) {
    state = name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Evenly distributed in `range`.
  mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * Double(next() >> 11) * 0x1p-53
  }

  /// An angle in radians.
  mutating func phase() -> Double { uniform(-.pi ... .pi) }
}
