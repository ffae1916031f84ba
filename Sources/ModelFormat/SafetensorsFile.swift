internal import Files

/// A safetensors file, mapped into memory.
///
/// The header is validated before any tensor is accessible; see `SafetensorsHeader`. The numbers themselves are not
/// examined; see `verifyFinite()`.
public final class SafetensorsFile: Sendable {
  /// The path of the file.
  public let path: String
  /// The tensors in the order of the file.
  public let tensors: [TensorView]
  /// The metadata as key-value text.
  public let metadata: [String: String]
  private let indices: [String: Int]

  /// Opens the file at a path.
  ///
  /// - Throws: `ModelFormatError` if it cannot be read or is not a valid safetensors file.
  public convenience init(path: String) throws(ModelFormatError) {
    let mapping: MappedFile
    do {
      mapping = try MappedFile(path: path)
    } catch {
      guard error.code == MappedFile.notRegular else { throw .file(error) }
      throw .content(path: path, reason: "is not a regular file; a model is read from one")
    }
    guard !mapping.bytes.isEmpty else { throw .content(path: path, reason: "the file is empty") }
    try self.init(path: path, mapping: mapping)
  }

  /// Reads a copy of bytes in memory as a file.
  ///
  /// - Parameter path: the path in error messages.
  public convenience init(bytes: some Collection<UInt8>, path: String = "memory") throws(ModelFormatError) {
    try self.init(path: path, mapping: MappedFile(copying: bytes))
  }

  private init(path: String, mapping: MappedFile) throws(ModelFormatError) {
    self.path = path
    let header: SafetensorsHeader
    do { header = try SafetensorsHeader(file: mapping.bytes) } catch { throw ModelFormatError(error, path: path) }
    metadata = header.metadata
    tensors = header.entries.map { TensorView($0, dataStart: header.dataStart, mapping: mapping) }
    indices = Dictionary(uniqueKeysWithValues: tensors.indices.map { (header.entries[$0].layout.name, $0) })
  }

  /// The tensor of a name, or nil.
  public subscript(name: String) -> TensorView? { indices[name].map { tensors[$0] } }

  /// Checks that all floating-point numbers are finite. O(n).
  ///
  /// - Throws: `ModelFormatError` with the first tensor that has an infinity or NaN.
  public func verifyFinite() throws(ModelFormatError) {
    for tensor in tensors {
      guard let index = tensor.firstNonFinite else { continue }
      throw .content(path: path, tensor: tensor.name, reason: "is infinite or not a number at element \(index)")
    }
  }
}
