import Files
import Glibc
import Terminal

/// The input files of a command, which its results must not replace.
struct InputFiles: Sendable {
  private var names: [FileStatus.Identity: String] = [:]

  /// - Parameter paths: paths of inputs; those that are not files are ignored. Standard input may be among them.
  init(_ paths: some Sequence<String>) {
    for path in paths {
      let status = path == "-" ? try? FileStatus(descriptor: STDIN_FILENO, path: path) : try? FileStatus(path: path)
      if let status, status.kind == .file { names[status.identity] = Input.name(of: path) }
    }
  }

  /// Rejects a result that would replace an input, directly or through links.
  func check(_ output: String?) throws(Failure) {
    guard let output, output != "-", let status = try? FileStatus(path: output), let name = names[status.identity]
    else {
      return
    }
    let what = name == output ? "this is the input" : "this is the same file as the input \(name)"
    var failure = Failure(.cannotCreate, output, "\(what); name another file for the result")
    failure.losesResult = true
    throw failure
  }
}
