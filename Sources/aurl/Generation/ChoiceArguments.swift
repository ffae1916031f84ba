import ArgumentParser
import Generation
import Inference
import Terminal

/// The options of the selection among candidates by a critic.
struct ChoiceArguments: ParsableArguments {
  @Option(help: "Number of candidates for each phrase of 128 tokens, of which the critic selects one. 1: no critic.")
  var candidates = 1

  @OptionGroup var critic: CriticOptions

  func validate() throws {
    guard (1...1000).contains(candidates) else { throw ValidationError("--candidates takes 1 to 1000.") }
    guard candidates > 1 || critic.critic == nil else {
      throw ValidationError("--critic needs --candidates 2 or more.")
    }
  }

  /// Whether there are several candidates.
  var isMade: Bool { candidates > 1 }

  /// The critic's path; nil without candidates.
  func path() throws(Failure) -> String? { isMade ? try critic.path() : nil }

  func choice() throws(Failure) -> CandidateChoice? {
    isMade ? CandidateChoice(critic: try critic.load(), candidates: candidates) : nil
  }
}
