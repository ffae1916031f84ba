internal import ModelFormat

/// Reads a stream with a model, all latents of which are zero, and describes phrases of it for the context head of a
/// critic.
package final class ContextReader {
  private let state: DecoderState

  package init(_ model: Model) {
    state = DecoderState(model, chunk: 128)
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

  /// The number of tokens read so far, BOS included.
  package var count: Int { state.position }

  /// Makes this reader equal to another one of the same model. O(tokens after the first `count`).
  ///
  /// - Parameter count: the number of tokens, BOS included, up to which both have read the same.
  package func copy(_ other: ContextReader, after count: Int) { state.copy(other.state, from: count) }
}
