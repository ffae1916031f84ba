import Glibc

extension Folder {
  /// The folder of this program's file, behind links to it; nil where the system does not say.
  static var ofProgram: String? {
    guard let resolved = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(resolved) }
    let path = String(cString: resolved)
    return path.lastIndex(of: "/").map { String(path[..<$0]) }
  }
}
