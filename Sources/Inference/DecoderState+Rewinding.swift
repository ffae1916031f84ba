extension DecoderState {
  /// The first position that `rewind` can go back to: `chunk` tokens before the furthest position that the stream ever
  /// reached.
  public var firstPosition: Int { past.first }

  /// Removes the last tokens, so that the next token has a given position again.
  ///
  ///     let position = state.position
  ///     let first = state.prefill(oneWay)
  ///     state.rewind(to: position)
  ///     let second = state.prefill(anotherWay)
  ///
  /// Keyboard state and latents are those in force when the token at that position was read; latents set later are
  /// removed. O(tokens), and O(segments) where latents change.
  ///
  /// - Precondition: The position is from `firstPosition` to `position`.
  public func rewind(to position: Int) {
    precondition(
      (past.first...self.position).contains(position), "the stream can go back to \(past.first)…\(self.position) only")
    guard position < self.position else { return }
    let (keyboard, use, latentsChange) = past.goBack(to: position)
    self.keyboard = keyboard
    self.position = position
    offset = use.offset + position - use.position
    guard latentsChange, let latents else { return }
    if let used = use.latents { latents.project(used, model.decoder.latents, model.kernels) } else { latents.clear() }
  }
}
