internal import Glibc
internal import MusicCore

extension Grammar {
  /// Lowers the logits of pitches foreign to the current key (`SamplingOptions.tonality`) and of pitches that started
  /// recently (`SamplingOptions.repetitionPenalty`), and raises the logits of pitches that continue figures as before
  /// (`SamplingOptions.recurrence`). The total probability of note-ons stays the same.
  ///
  /// - Parameter logits: the logits of all tokens and, last, of the end of the piece; −∞ for those that are impossible.
  package func biasPitches(_ logits: UnsafeMutableBufferPointer<Float>, _ options: SamplingOptions) {
    guard options.tonality > 0 || options.repetitionPenalty > 0 || options.recurrence > 0 else { return }
    let before = Self.logSum(logits[..<128])
    guard before > -.infinity else { return }
    if options.tonality > 0 {
      let expected = recent.expected
      for pitch in 0..<128 { logits[pitch] += options.tonality * logf(min(1, expected[pitch % 12] / Self.shareInKey)) }
    }
    if options.repetitionPenalty > 0 {
      for pitch in 0..<128 {
        guard let onset = onset(of: pitch), time - onset < Self.repetitionTicks else { continue }
        let share = 1 - Float(time - onset) / Float(Self.repetitionTicks)
        logits[pitch] -= options.repetitionPenalty * share
      }
    }
    if options.recurrence > 0 { recallFigures(logits, options.recurrence) }
    let change = before - Self.logSum(logits[..<128])
    for pitch in 0..<128 { logits[pitch] += change }
  }

  /// A pitch class with at least this share of all notes is not foreign to a key. It is slightly less than that of the
  /// rarest scale degree; the model itself prefers the tonic and its chord.
  private static let shareInKey: Float = 0.055

  /// The time over which the repetition penalty decays to 0: 1 s.
  private static let repetitionTicks = TokenTime.ticksPerSecond

  /// log Σ exp over logits; −∞ if none is possible.
  static func logSum(_ logits: Slice<UnsafeMutableBufferPointer<Float>>) -> Float {
    let best = logits.reduce(-.infinity, max)
    guard best > -.infinity else { return best }
    return best + logf(logits.reduce(0) { $0 + expf($1 - best) })
  }
}
