import Files
import Terminal

/// The program `aurl-train`. It is separate, so that `aurl` starts fast and does not need libtorch.
struct TrainingProgram {
  static let name = "aurl-train"
  let path: String

  /// Looks in the folder of this program, with links resolved, then on PATH.
  static func find() throws(Failure) -> TrainingProgram {
    let folders = [Environment.programFolder] + searchPath
    for folder in folders.compactMap({ $0 }) {
      let path = "\(folder)/\(name)"
      if !Folder.exists(path), FileSystem.isExecutable(path) { return TrainingProgram(path: path) }
    }
    throw Failure(
      .unavailable, name,
      "it is neither beside aurl nor on PATH; in the sources of aurl, \"make libtorch\" and then \"make build\" build it"
    )
  }

  private static var searchPath: [String?] {
    guard let path = Environment["PATH"] else { return [] }
    return path.split(separator: ":", omittingEmptySubsequences: false).map { $0.isEmpty ? "." : String($0) }
  }

  /// Replaces this process by that program.
  func run(_ arguments: [String]) throws(Failure) -> Never {
    _ = OpenMPWaiting.bound()
    do throws(FileError) { try FileSystem.execute(path, arguments) } catch { throw Failure(error) }
  }
}
