/// The SplitMix64 generator (Steele, Lea & Flood 2014): the same numbers for the same seed on every machine.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  /// Creates an independent generator for each combination of keys, such as seed, epoch and window.
  package init(keys: UInt64...) {
    state = 0
    for key in keys {
      state ^= key
      state = next()
    }
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// A random number in `range`. Unlike that of the standard library it is the same in every version of Swift; its bias
  /// is below 2⁻³² for ranges of up to 2³² numbers.
  package mutating func number(in range: ClosedRange<Int>) -> Int {
    let width = UInt64(range.upperBound - range.lowerBound) + 1
    return range.lowerBound + Int(next().multipliedFullWidth(by: width).high)
  }
}

extension RandomNumberGenerator {
  /// A random number in 0 ..< 1, of 53 bits; the same in every version of Swift.
  @inlinable
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}

extension Array {
  /// Shuffles the elements, identically in every version of Swift (Fisher & Yates).
  package mutating func shuffle(with generator: inout SplitMix64) {
    for index in stride(from: count - 1, to: 0, by: -1) { swapAt(index, generator.number(in: 0...index)) }
  }
}
