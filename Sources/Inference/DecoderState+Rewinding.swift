extension DecoderState {
  /// The first position that `rewind` can go back to: `chunk` tokens before the furthest that the stream ever was at.
  public var firstPosition: Int { past.first }

  /// Takes back the last tokens, so that the next one comes at a position again.
  ///
  ///     let position = state.position
  ///     let first = state.prefill(oneWay)
  ///     state.rewind(to: position)
  ///     let second = state.prefill(anotherWay)
  ///
  /// Keyboard and latents are as they were when the token at that position was taken in: latents that were put in force
  /// there are in force, and those put in force later are not. O(tokens), and O(segments) where latents change.
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
