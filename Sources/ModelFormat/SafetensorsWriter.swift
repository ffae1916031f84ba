internal import Files

/// Writes a safetensors file: its tensors are declared first and written one by one in any order, so that a model never
/// has to be in memory twice. The file is renamed to its path when it is complete and synced to disk (see
/// `AtomicFile`).
///
///     var writer = try SafetensorsWriter(path: "a.safetensors", tensors: [TensorLayout("x", .float32, [2, 3])])
///     try writer.write([1, 2, 3, 4, 5, 6] as [Float], to: "x")
///     try writer.commit()
public struct SafetensorsWriter: ~Copyable {
  /// The path of the destination.
  public var path: String { file.path }
  /// For tests, which make it fail.
  package var descriptor: Int32 { file.descriptor }
  private let file: AtomicFile
  private let dataStart: Int
  /// The tensors still to be written.
  private var missing: [String: SafetensorsHeader.Entry]

  /// Creates a writer of tensors with distinct names.
  ///
  /// - Throws: `ModelFormatError` if the file cannot be written, or the header would be longer than the format allows.
  public init(path: String, tensors: [TensorLayout], metadata: [String: String] = [:]) throws(ModelFormatError) {
    let header = SafetensorsHeader(layouts: tensors, metadata: metadata)
    file = try Self.begin(path, header)
    missing = Dictionary(header.entries.map { ($0.layout.name, $0) }) { entry, _ in
      preconditionFailure("two tensors are named \(entry.layout.name)")
    }
    precondition(missing[SafetensorsHeader.metadataName] == nil, "the name of the metadata is not one for a tensor")
    dataStart = header.dataStart
  }

  private static func begin(_ path: String, _ header: SafetensorsHeader) throws(ModelFormatError) -> AtomicFile {
    guard header.dataStart - 8 <= SafetensorsHeader.longest else {
      throw .content(path: path, reason: "the header would have more than \(SafetensorsHeader.longest) bytes")
    }
    do throws(FileError) {
      let file = try AtomicFile(path: path)
      try file.write(header.bytes)
      return file
    } catch { throw .file(error) }
  }

  /// Writes the raw bytes of a tensor.
  ///
  /// - Precondition: The tensor was declared with this number of bytes, and was not written before.
  public mutating func write(_ bytes: UnsafeRawBufferPointer, to name: String) throws(ModelFormatError) {
    guard let entry = missing.removeValue(forKey: name) else {
      preconditionFailure("tensor \(name) was not declared, or is written twice")
    }
    precondition(bytes.count == entry.range.count, "tensor \(name) has \(entry.range.count) bytes, not \(bytes.count)")
    do { try file.write(bytes, at: dataStart + entry.range.lowerBound) } catch { throw .file(error) }
  }

  /// Writes the numbers of a tensor.
  ///
  /// - Precondition: The tensor was declared with this number of bytes, and was not written before.
  public mutating func write(_ values: [some BitwiseCopyable], to name: String) throws(ModelFormatError) {
    let result: Result<Void, ModelFormatError> = values.withUnsafeBytes { bytes in
      Result { () throws(ModelFormatError) in try write(bytes, to: name) }
    }
    try result.get()
  }

  /// Syncs the file to disk and renames it.
  ///
  /// - Precondition: All tensors were written.
  public consuming func commit() throws(ModelFormatError) {
    if let name = missing.keys.min() { preconditionFailure("tensor \(name) was not written") }
    do { try file.commit(isDurable: true) } catch { throw .file(error) }
  }
}
