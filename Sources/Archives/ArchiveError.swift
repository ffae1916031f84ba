/// Why an archive cannot be unpacked.
package enum ArchiveError: Error, Hashable, Sendable, CustomStringConvertible {
  /// It is cut short.
  case truncated
  /// Its bytes make no sense.
  case damaged
  /// It holds more than this many bytes, the most that is unpacked.
  case tooLarge(limit: Int)
  /// There is no file of that name in it.
  case noFile(String)
  /// It is made in a way that is not read, such as encryption.
  case unsupported(String)
  /// zlib has no memory.
  case noMemory

  package var description: String {
    switch self {
    case .truncated: "it is cut short"
    case .damaged: "it is damaged"
    case .tooLarge(let limit): "it holds more than \(limit >> 20) MiB, the most that is unpacked"
    case .noFile(let name): "there is no \(name) in it"
    case .unsupported(let what): "it is made in a way that is not read: \(what)"
    case .noMemory: "zlib has no memory"
    }
  }
}
