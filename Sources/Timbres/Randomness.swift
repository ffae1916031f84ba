internal import MusicCore

/// Random numbers seeded by a name, so that every build generates the same bytes.
struct Randomness: RandomNumberGenerator {
  private var generator: SplitMix64

  /// Different names give independent streams (FNV-1a of the name).
  init(_ name: String) {
    generator = SplitMix64(seed: name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
  }

  mutating func next() -> UInt64 { generator.next() }

  /// A number uniformly distributed in `range`.
  mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A random angle in radians.
  mutating func phase() -> Double { uniform(-.pi ... .pi) }
}
