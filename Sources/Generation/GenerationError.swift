/// An error that ends a take.
public enum GenerationError: Error, Hashable, Sendable {
  /// The model computed logits that are not finite, although its parameters are.
  case notFinite
}

extension GenerationError: CustomStringConvertible {
  public var description: String { "the outputs of the model are not finite" }
}
