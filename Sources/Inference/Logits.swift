public import ModelFormat

/// A model's prediction of the next token: 775 logits, those of the tokens and, last, that of the end of the piece.
///
/// They can be modified, for example by a mask. They are a view of the memory of their `DecoderState`, which the next
/// call overwrites and which they keep alive; creating them copies nothing.
public struct Logits: RandomAccessCollection, MutableCollection {
  @usableFromInline let start: UnsafeMutablePointer<Float>
  private let owner: Arena

  init(_ start: UnsafeMutablePointer<Float>, in owner: Arena) {
    self.start = start
    self.owner = owner
  }

  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { Configuration.Vocabulary.logitCount }

  /// The logit of a token.
  @inlinable
  public subscript(index: Int) -> Float {
    get {
      precondition(indices.contains(index), "there is no logit \(index)")
      return start[index]
    }
    nonmutating set {
      precondition(indices.contains(index), "there is no logit \(index)")
      start[index] = newValue
    }
  }

  /// Calls `body` with all logits at once.
  @inlinable
  public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result? { try withUnsafeMutableLogits { try body(UnsafeBufferPointer($0)) } }

  /// Calls `body` with all logits at once, to read and write.
  @inlinable
  public func withUnsafeMutableLogits<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeMutableBufferPointer(start: start, count: count))
  }
}
