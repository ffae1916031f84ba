import ArgumentParser
import Generation
import Inference
import Terminal

/// The options that say how many candidates there are for each phrase, and who chooses among them.
struct ChoiceArguments: ParsableArguments {
  @Option(help: "How many candidates there are for each phrase of 128 tokens; the critic chooses one. 1: no choice.")
  var candidates = 1

  @OptionGroup var critic: CriticOptions

  func validate() throws {
    guard (1...1000).contains(candidates) else { throw ValidationError("--candidates takes 1 to 1000.") }
    guard candidates > 1 || critic.critic == nil else {
      throw ValidationError("--critic goes with --candidates from 2.")
    }
  }

  /// Whether there is anything to choose from.
  var isMade: Bool { candidates > 1 }

  /// The critic's path; nil where there is no choice.
  func path() throws(Failure) -> String? { isMade ? try critic.path() : nil }

  func choice() throws(Failure) -> CandidateChoice? {
    isMade ? CandidateChoice(critic: try critic.load(), candidates: candidates) : nil
  }
}
