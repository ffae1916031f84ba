internal import Glibc
internal import Inference
internal import ModelFormat
internal import MusicCore
internal import MusicTokens

extension GenerationSession {
  /// What the critic made of the phrases so far; nil where there is none.
  public var choiceOutcome: CandidateChoice.Outcome? { settings.choice == nil ? nil : planned.outcome }

  /// A phrase that may come next.
  private struct Candidate {
    var tokens: [Token]
    /// Where its randomness is from.
    var generator: SplitMix64
    /// The session and its grammar after it.
    var end: Progress
    var grammar: Grammar
    /// The calibrated log odds that it is real music after what was before; nil where it is too short to judge.
    var logit: Double?
  }

  /// Makes candidates for the next phrase and takes up one of them: each as probable as how much more probable it is in real
  /// music than in takes (sampling importance resampling, Rubin 1987; with the odds of a discriminator, Azadi 2019).
  ///
  /// A phrase ends where one of the model does, so that its latents change at the start of one alone, and each candidate
  /// draws its own. The generator of each candidate follows from seed, phrase and number, whatever the others need of
  /// theirs.
  func plan(_ choice: CandidateChoice) throws(GenerationError) {
    // What the candidates have in common is read once.
    let mark = stream.mark(using: &progress.generator)
    let start = progress
    let position = mark.count - 1
    let lengths = [PlannedTokens.phrase, stream.model.configuration.latents?.windowLength ?? .max]
    let count = lengths.map { $0 - position % $0 }.min() ?? PlannedTokens.phrase
    var candidates: [Candidate] = []
    for number in 0..<choice.candidates {
      if number > 0 { stream.rewind(to: mark) }
      progress = start
      progress.generator = SplitMix64(keys: settings.seed, planned.index, UInt64(number), 1)
      candidates.append(try candidate(of: count, choice.critic))
    }
    var generator = SplitMix64(keys: settings.seed, planned.index, 0, 2)
    let chosen = Self.choose(candidates.map(\.logit), using: &generator)
    note(candidates, chosen)
    if chosen < candidates.count - 1 { takeUp(candidates[chosen], from: mark) }
    progress = candidates[chosen].end
    planned.add(candidates[chosen].tokens)
  }

  private func candidate(of count: Int, _ critic: Critic) throws(GenerationError) -> Candidate {
    let generator = progress.generator
    var tokens: [Token] = []
    while tokens.count < count, !progress.isOver, let token = try draw() { tokens.append(token) }
    let all = planned.heard + tokens.map(\.rawValue)
    return Candidate(
      tokens: tokens, generator: generator, end: progress, grammar: stream.grammar,
      logit: critic.logit(ofLast: tokens.count, of: all))
  }

  /// Brings the model to the end of a candidate that was made before the last one.
  private func takeUp(_ candidate: Candidate, from mark: TokenStream.Mark) {
    stream.rewind(to: mark)
    stream.append(candidate.tokens)
    stream.grammar = candidate.grammar
    // The latents are what this generator gives first, so they are drawn again as they were.
    var generator = candidate.generator
    stream.settle(using: &generator)
  }

  private func note(_ candidates: [Candidate], _ chosen: Int) {
    let realism = candidates.map { $0.logit.map { 1 / (1 + exp(-$0)) } }
    guard let own = realism[chosen] else { return }
    let judged = realism.compactMap(\.self)
    planned.outcome.phrases += 1
    planned.outcome.chosen += own
    planned.outcome.offered += judged.reduce(0, +) / Double(judged.count)
  }

  /// The number of one of some candidates, by their odds; one that cannot be judged has even odds.
  static func choose(_ logits: [Double?], using generator: inout some RandomNumberGenerator) -> Int {
    let largest = logits.reduce(0) { max($0, $1 ?? 0) }
    let weights = logits.map { exp(($0 ?? 0) - largest) }
    var left = Double(generator.next() >> 11) * 0x1p-53 * weights.reduce(0, +)
    for (number, weight) in weights.enumerated() {
      left -= weight
      if left < 0 { return number }
    }
    return logits.count - 1
  }
}
