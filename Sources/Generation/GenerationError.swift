/// Why a take cannot go on.
public enum GenerationError: Error, Hashable, Sendable {
  /// The numbers of the model are finite, but what it computes of them is not.
  case notFinite
}

extension GenerationError: CustomStringConvertible {
  public var description: String { "what the model computes is not finite" }
}
