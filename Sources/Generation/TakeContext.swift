internal import Inference
internal import MusicTokens

/// The take so far as the context head of a critic knows it.
final class TakeContext {
  private let head: ContextHead
  private let reader: ContextReader
  /// The tokens of the take that have not been read yet.
  private var unread: [UInt16]

  /// - Returns: nil if the choice does not use a context head.
  init?(of prompt: [UInt16], _ model: Model, _ choice: CandidateChoice?) {
    guard let choice, choice.usesContext, let head = choice.critic.contextHead else { return nil }
    self.head = head
    reader = ContextReader(model, longest: QueuedTokens.phrase)
    unread = prompt
  }

  /// The log odds that a candidate for the next phrase is real music; nil without a score by the towers.
  func logit(of candidate: [Token], towers: Double?) -> Double? {
    guard let towers, !candidate.isEmpty else { return towers }
    reader.read(unread)
    unread = []
    return head.logit(states: reader.states(of: candidate.map(\.rawValue)), towers: towers)
  }

  /// Appends a phrase to the take.
  func append(_ phrase: [Token]) { unread += phrase.map(\.rawValue) }
}
