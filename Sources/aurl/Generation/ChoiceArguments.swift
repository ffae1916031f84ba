import ArgumentParser
import Files
import Generation
import Inference
import ModelFormat
import Takes
import Terminal

/// The options of the selection among candidates by a critic.
struct ChoiceArguments: ParsableArguments {
  @Option(
    help: """
      Number of candidates for each phrase of 128 tokens, of which the critic selects one. 1: no critic. Default: \
      \(Self.usual) with the model that comes with aurl or with --critic, else 1.
      """)
  var candidates: Int?

  @OptionGroup var critic: CriticOptions

  /// The default number of candidates where a critic fits the model.
  private static let usual = 4

  func validate() throws {
    guard (1...1000).contains(candidates ?? 1) else { throw ValidationError("--candidates takes 1 to 1000.") }
    guard candidates != 1 || critic.critic == nil else {
      throw ValidationError("--critic needs --candidates 2 or more.")
    }
  }

  /// The number of candidates. Without the option there are several if a critic is named, or if model and critic are
  /// those shipped with the program, since that critic was trained on takes of that model.
  func count(with model: ModelOptions) throws(Failure) -> Int {
    if let candidates { return candidates }
    if critic.critic != nil { return Self.usual }
    guard (try? critic.path()) != nil else { return 1 }
    return try model.isShipped() ? Self.usual : 1
  }

  /// The critic's path; nil with a single candidate.
  func path(with model: ModelOptions) throws(Failure) -> String? {
    try count(with: model) > 1 ? try critic.path() : nil
  }

  /// - Parameter file: the file of the model, whose hash tells whether the critic knows it.
  func choice(with model: ModelOptions, file: HashedFile) throws(Failure) -> CandidateChoice? {
    let candidates = try count(with: model)
    guard candidates > 1 else { return nil }
    let critic = try critic.load()
    var usesContext = false
    if critic.contextHead != nil {
      do throws(FileError) { usesContext = try file.sha256() == critic.metadata.modelHash } catch {
        throw Failure(error)
      }
    }
    return CandidateChoice(critic: critic, candidates: candidates, usesContext: usesContext)
  }
}
