internal import Files

/// A tensor of a file that is mapped into memory: nothing is copied until its numbers are asked for.
public struct TensorView: Sendable {
  public let layout: TensorLayout
  /// Keeps the bytes where they are.
  private let mapping: MappedFile
  private let range: Range<Int>

  init(_ entry: SafetensorsHeader.Entry, dataStart: Int, mapping: MappedFile) {
    layout = entry.layout
    range = entry.range.lowerBound + dataStart..<entry.range.upperBound + dataStart
    self.mapping = mapping
  }

  public var name: String { layout.name }
  public var type: ElementType { layout.type }
  public var shape: [Int] { layout.shape }
  public var count: Int { layout.count }

  /// The numbers as they lie in the file, valid for as long as the file's object or a view of it is kept.
  ///
  /// In a file written here they are aligned to their size; a foreign file may have them anywhere.
  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: mapping.bytes[range]) }

  /// Calls `body` with the numbers as they lie in the file.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(mapping) {} }
    return try body(bytes)
  }

  /// Whether the numbers lie at a multiple of their size.
  public var isAligned: Bool { range.lowerBound.isMultiple(of: type.size) }
}
