/// Rounds floating-point samples to integers with triangular (TPDF) dither of two least significant bits, which makes
/// the quantization error a constant noise independent of the signal (Lipshitz, Wannamaker and Vanderkooy,
/// "Quantization and dither: a theoretical survey", J. Audio Eng. Soc. 40, 1992).
package struct SampleQuantizer {
  private let scale: Float
  private let shift: Int32
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// - Parameter bits: 16 or 24.
  package init(bits: Int) {
    scale = Float(1 << (bits - 1))
    shift = Int32(32 - bits)
  }

  /// Quantizes samples into the high bits of 32-bit words, the form that libsndfile takes at any width. Full scale is
  /// ±1; larger samples are clipped. The same input always gives the same output.
  package mutating func quantize(_ samples: some Collection<Float>, into words: inout [Int32]) {
    words.removeAll(keepingCapacity: true)
    words.reserveCapacity(samples.count)
    for sample in samples {
      let word = max(-scale, min(scale - 1, sample * scale + noise()))
      words.append(Int32(word + (word < 0 ? -0.5 : 0.5)) << shift)
    }
  }

  /// The difference of two uniform random numbers: triangular in −1…1.
  private mutating func noise() -> Float {
    // A linear congruential generator with Knuth's MMIX constants. Its low bits are weak; the upper 24 of each half are
    // used.
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let mixed = state ^ (state >> 29)
    return Float(Int32(truncatingIfNeeded: (mixed >> 40)) - Int32(truncatingIfNeeded: (mixed >> 8) & 0xFF_FFFF))
      * 0x1p-24
  }
}
