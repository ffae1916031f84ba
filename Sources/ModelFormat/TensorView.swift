internal import Files

/// A tensor of a file that is mapped into memory: nothing is copied until its numbers are read.
public struct TensorView: Sendable {
  /// The name, type and shape.
  public let layout: TensorLayout
  /// Keeps the mapping alive.
  private let mapping: MappedFile
  private let range: Range<Int>

  init(_ entry: SafetensorsHeader.Entry, dataStart: Int, mapping: MappedFile) {
    layout = entry.layout
    range = entry.range.lowerBound + dataStart..<entry.range.upperBound + dataStart
    self.mapping = mapping
  }

  /// The name.
  public var name: String { layout.name }
  /// The type of a number.
  public var type: ElementType { layout.type }
  /// The dimensions.
  public var shape: [Int] { layout.shape }
  /// The number of numbers.
  public var count: Int { layout.count }

  /// Calls `body` with the raw bytes in the file, which are valid during the call.
  ///
  /// Files written by this module align them to the element size; other files may not.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(mapping) {} }
    return try body(UnsafeRawBufferPointer(rebasing: mapping.bytes[range]))
  }

  /// Whether the data is aligned to the element size.
  public var isAligned: Bool { range.lowerBound.isMultiple(of: type.size) }
}
