internal import Datasets
package import Files
internal import Synchronization

/// A file and its SHA-256, which is computed on first use: for a model that takes longer than generating a short take.
package final class HashedFile: Sendable {
  package let path: String
  private let known = Mutex<String?>(nil)

  package init(path: String) { self.path = path }

  /// The hash in hexadecimal. O(size of the file) the first time.
  package func sha256() throws(FileError) -> String {
    try known.withLock { (known) throws(FileError) in
      if let known { return known }
      let hash = try SHA256.hex(ofFile: path)
      known = hash
      return hash
    }
  }
}
