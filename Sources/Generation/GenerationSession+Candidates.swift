internal import Glibc
internal import Inference
internal import ModelFormat
internal import MusicCore
internal import MusicTokens
internal import Parallelism

extension GenerationSession {
  /// Statistics of the selections so far; nil if the settings have no critic.
  public var choiceOutcome: CandidateChoice.Outcome? { settings.choice == nil ? nil : planned.outcome }

  /// A candidate for the next phrase.
  private struct Candidate {
    var tokens: [Token]
    /// The calibrated log odds that the candidate is real music, given the take so far; nil if it is too short to
    /// score.
    var logit: Double?
  }

  /// Samples candidates for the next phrase and selects one with a probability proportional to a power of the critic's
  /// odds that it is real music (sampling importance resampling, Rubin 1987; with the odds of a discriminator as weights,
  /// Azadi 2019).
  ///
  /// Phrases end where phrases of the model's latents end, so that latents change only at the start of a phrase and
  /// each candidate draws its own. The generator of a candidate is derived from the seed, the phrase and the
  /// candidate's number: how many random numbers one candidate uses does not affect the others, nor does the number of
  /// threads.
  func plan(_ choice: CandidateChoice) throws(GenerationError) {
    // The context that all candidates share is read once.
    if planned.index == 0 { take.reader?.read(planned.heard.suffix(QueuedTokens.context)) }
    let mark = take.stream.mark(using: &take.progress.generator)
    let position = mark.count - 1
    let lengths = [QueuedTokens.phrase, take.stream.model.configuration.latents?.windowLength ?? .max]
    let count = lengths.map { $0 - position % $0 }.min() ?? QueuedTokens.phrase
    let (seed, phrase, heard) = (settings.seed, planned.index, planned.heard)
    let candidates = try Parallel.map(fork(into: choice.candidates), threads: settings.threads) {
      (number, take) throws(GenerationError) -> Candidate in
      take.progress.generator = SplitMix64(keys: seed, phrase, UInt64(number), 1)
      var tokens: [Token] = []
      while tokens.count < count, !take.progress.isOver, !take.isClosingDue, let token = try take.draw() {
        tokens.append(token)
      }
      let phrase = tokens.map(\.rawValue)
      let towers = choice.critic.logit(ofLast: phrase.count, of: heard + phrase)
      guard let states = take.reader?.read(phrase), let head = choice.critic.contextHead, let towers else {
        return Candidate(tokens: tokens, logit: towers)
      }
      return Candidate(tokens: tokens, logit: head.logit(states: states, towers: towers))
    }
    var generator = SplitMix64(keys: seed, phrase, 0, 2)
    let chosen = Self.choose(candidates.map(\.logit), using: &generator)
    note(candidates, chosen)
    goOn(from: chosen)
    planned.add(candidates[chosen].tokens)
  }

  private func note(_ candidates: [Candidate], _ chosen: Int) {
    let realism = candidates.map { $0.logit.map { 1 / (1 + exp(-$0)) } }
    guard let own = realism[chosen] else { return }
    let judged = realism.compactMap(\.self)
    planned.outcome.phrases += 1
    planned.outcome.chosen += own
    planned.outcome.offered += judged.reduce(0, +) / Double(judged.count)
  }

  /// Draws the index of a candidate in proportion to a power of its odds; a candidate without a score has even odds.
  static func choose(_ logits: [Double?], using generator: inout some RandomNumberGenerator) -> Int {
    let largest = logits.reduce(0) { max($0, $1 ?? 0) }
    let weights = logits.map { exp(CandidateChoice.exponent * (($0 ?? 0) - largest)) }
    return weights.indices.drawn(at: generator.uniform() * weights.reduce(0, +)) { weights[$0] } ?? logits.count - 1
  }
}
