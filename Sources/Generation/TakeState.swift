internal import Inference
internal import MusicCore
internal import MusicTokens

/// The state of a take after a token: the model's stream, and all else that the next token depends on.
final class TakeState: @unchecked Sendable {
  // Sendable: a session lets one thread at a time use a state.
  let stream: TokenStream
  var progress: Progress
  /// Reads the take for the critic's context head; nil if none is used.
  let reader: ContextReader?
  private let settings: GenerationSettings

  /// The state that the next token depends on in addition to the stream.
  struct Progress {
    var generator: SplitMix64
    /// The note ends still to be returned when the time is up.
    var releases: [Token] = []
    var isOver = false
    var isEndedByModel = false
    /// The sections of the form; nil without one.
    var sections: Sections?
    /// The tick from which on the model may end the take.
    var firstEnd = 0
    /// The tick from which on the take looks for its end; nil if it does not, or no longer.
    var closing: Int?
  }

  init(
    _ settings: GenerationSettings, _ stream: TokenStream, _ progress: Progress, reader: ContextReader? = nil
  ) {
    self.settings = settings
    self.stream = stream
    self.progress = progress
    self.reader = reader
  }

  /// Creates a copy.
  convenience init(copying other: TakeState) {
    let model = other.stream.model
    self.init(
      other.settings, other.stream.copy(), other.progress, reader: other.reader.map { _ in ContextReader(model) })
    copyReader(of: other, after: 0)
  }

  /// Makes this state equal to one that has the same first `count` tokens, BOS included.
  func copy(_ other: TakeState, after count: Int) {
    copyReader(of: other, after: count)
    stream.copy(other.stream, after: count)
    progress = other.progress
  }

  private func copyReader(of other: TakeState, after count: Int) {
    guard let reader, let source = other.reader else { return }
    // The two count the tokens of a prompt differently.
    reader.copy(source, after: max(0, count + source.count - other.stream.count))
  }

  /// Whether the search for an end should start.
  var isClosingDue: Bool { progress.closing.map { stream.grammar.time >= $0 } ?? false }

  /// The next token without a critic: from the restatement of an earlier section, or sampled from the model; nil if the
  /// model ends the take.
  func draw() throws(GenerationError) -> Token? {
    if let token = progress.sections?.next() {
      stream.hear(token)
      return token
    }
    let token: Token?
    do throws(GenerationError) { token = try stream.next(using: &progress.generator) } catch {
      progress.isOver = true
      throw error
    }
    guard let token else {
      (progress.isOver, progress.isEndedByModel) = (true, true)
      return nil
    }
    // The model may end a take only after a note.
    if token.isNoteOn {
      stream.grammar.mayEnd = settings.mayEnd && settings.form == nil && stream.grammar.time >= progress.firstEnd
    }
    progress.sections?.append(token, &stream.grammar)
    if stream.grammar.isOver, progress.sections?.advance(&stream.grammar) != true {
      progress.releases = stream.grammar.releases
      progress.isOver = true
    }
    return token
  }
}
