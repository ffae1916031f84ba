internal import Glibc
internal import MusicCore

extension Grammar {
  /// Makes pitches of the key that the music is in more probable (`SamplingOptions.tonality`), and less probable those that
  /// were just struck (`SamplingOptions.repetitionPenalty`). That a note starts stays as probable as it was.
  ///
  /// - Parameter logits: of the tokens and, last, of the end; −∞ for what may not come.
  package func biasPitches(_ logits: UnsafeMutableBufferPointer<Float>, _ options: SamplingOptions) {
    guard options.tonality > 0 || options.repetitionPenalty > 0 else { return }
    let before = Self.logSum(logits)
    guard before > -.infinity else { return }
    if options.tonality > 0 {
      let expected = recent.expected
      for pitch in 0..<128 { logits[pitch] += options.tonality * logf(12 * expected[pitch % 12]) }
    }
    if options.repetitionPenalty > 0 {
      for pitch in 0..<128 {
        guard let onset = onset(of: pitch), time - onset < Self.repetitionTicks else { continue }
        let share = 1 - Float(time - onset) / Float(Self.repetitionTicks)
        logits[pitch] -= options.repetitionPenalty * share
      }
    }
    let change = before - Self.logSum(logits)
    for pitch in 0..<128 { logits[pitch] += change }
  }

  /// A key that was struck longer ago is not struck again so soon: 1 s.
  private static let repetitionTicks = TokenTime.ticksPerSecond

  /// The logarithm of the sum of the exponentials of the note starts; −∞ where none may come.
  private static func logSum(_ logits: UnsafeMutableBufferPointer<Float>) -> Float {
    var best = -Float.infinity
    for pitch in 0..<128 { best = max(best, logits[pitch]) }
    guard best > -.infinity else { return best }
    var sum: Float = 0
    for pitch in 0..<128 { sum += expf(logits[pitch] - best) }
    return best + logf(sum)
  }
}
