internal import ModelFormat

/// Reads a stream with a model, all latents of which are zero, and describes phrases of it for the context head of a
/// critic.
package final class ContextReader {
  private let state: DecoderState

  /// - Parameter longest: the maximum number of tokens that `states(of:)` takes.
  package init(_ model: Model, longest: Int) {
    state = DecoderState(model, chunk: longest)
    _ = state.prefill([Configuration.Vocabulary.bos])
  }

  /// Appends tokens to the stream.
  ///
  /// - Returns: the mean hidden states of the decoder over them, [layers · d] (`DecoderState.meanStates`); empty if there
  ///   are no tokens.
  @discardableResult
  package func read(_ tokens: [UInt16]) -> [Float] {
    tokens.isEmpty ? [] : state.meanStates(of: tokens.map(Int.init))
  }

  /// The mean hidden states of the decoder over tokens that may follow the stream, which stays as it is.
  package func states(of tokens: [UInt16]) -> [Float] {
    let position = state.position
    defer { state.rewind(to: position) }
    return read(tokens)
  }
}
