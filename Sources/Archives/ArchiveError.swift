/// Why an archive cannot be unpacked.
package enum ArchiveError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The archive is truncated.
  case truncated
  /// The archive is damaged.
  case damaged
  /// The content is larger than this number of bytes, the most that is unpacked.
  case tooLarge(limit: Int)
  /// The archive has no file of this name.
  case noFile(String)
  /// The archive uses an unsupported feature, such as encryption.
  case unsupported(String)
  /// zlib has no memory.
  case noMemory

  package var description: String {
    switch self {
    case .truncated: "it is cut short"
    case .damaged: "it is damaged"
    case .tooLarge(let limit): "it holds more than \(limit >> 20) MiB, the most that is unpacked"
    case .noFile(let name): "there is no \(name) in it"
    case .unsupported(let what): "it uses an unsupported feature: \(what)"
    case .noMemory: "zlib has no memory"
    }
  }
}
