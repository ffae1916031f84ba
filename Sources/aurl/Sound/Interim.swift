import ArgumentParser
import Files
import FoundationEssentials
import Glibc
import MIDIFiles
import MusicCore

func jsonLine(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}
func makeFolder(_ path: String) throws(Failure) {
  guard !isFolder(path), mkdir(path, 0o777) != 0 else { return }
  throw Failure(FileError(path: path, operation: .create, code: errno))
}
func musicFiles(_ files: [String]) throws -> (files: [(path: String, name: String)], isFolder: Bool) {
  (files.map { path in
    let file = path.split(separator: "/").last.map(String.init) ?? path
    return (path, file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file)
  }, files.count > 1)
}
func loadScore(_ path: String) throws -> Score {
  do throws(MIDIFileError) {
    let bytes: [UInt8]
    do throws(FileError) { bytes = path == "-" ? try readStandardInput() : try readBytes(ofFile: path) } catch { throw .unreadable(error) }
    return try MIDIFile(bytes: bytes).score
  } catch {
    if case .unreadable(let error) = error { throw Failure(error) }
    throw Failure(.malformedInput, path, "\(error)")
  }
}
func writeError(_ text: String) {
  let bytes = Array(text.utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
}
