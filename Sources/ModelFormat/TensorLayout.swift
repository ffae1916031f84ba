/// What a file says of a tensor: its name, the type of its numbers, and its shape, the last dimension being contiguous.
public struct TensorLayout: Hashable, Sendable {
  public let name: String
  public let type: ElementType
  public let shape: [Int]

  public init(_ name: String, _ type: ElementType, _ shape: [Int]) {
    self.name = name
    self.type = type
    self.shape = shape
  }

  /// Numbers of the tensor; 1 for one without dimensions.
  public var count: Int { shape.reduce(1, *) }

  public var byteCount: Int { count * type.size }

  /// The bytes that a shape needs, or nil where that is no number. A shape of no numbers may still be absurd.
  static func byteCount(_ shape: [Int], _ type: ElementType) -> Int? {
    var product = type.size
    for dimension in shape where dimension != 0 {
      let (next, overflows) = product.multipliedReportingOverflow(by: dimension)
      guard !overflows else { return nil }
      product = next
    }
    return shape.contains(0) ? 0 : product
  }
}
