/// The description of a tensor in a file: its name, element type and shape, in row-major order.
public struct TensorLayout: Hashable, Sendable {
  /// The name.
  public let name: String
  /// The type of a number.
  public let type: ElementType
  /// The dimensions.
  public let shape: [Int]

  /// Creates a layout.
  public init(_ name: String, _ type: ElementType, _ shape: [Int]) {
    self.name = name
    self.type = type
    self.shape = shape
  }

  /// The number of elements; 1 for a scalar.
  public var count: Int { shape.reduce(1, *) }

  /// The size in bytes.
  public var byteCount: Int { count * type.size }

  /// The size of a shape in bytes; nil on overflow, which is checked even if a dimension is 0.
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
