import Files
import Glibc
import MIDIFiles
import MusicCore
import Notation

// Writes the MIDI file of every source named on the command line beside it: minuet.score gives minuet.mid.

/// The path of the MIDI file that belongs to a source, or nil where the name does not end in `.score`.
func midiPath(of source: String) -> String? {
  source.hasSuffix(".score") ? String(source.dropLast(6)) + ".mid" : nil
}

/// What kept a source from being engraved: one line, and the exit status that goes with it (sysexits.h).
struct Problem: Error {
  var message: String
  var status: Int32

  init(_ message: String, status: Int32) { (self.message, self.status) = (message, status) }

  init(_ error: FileError) {
    let status: Int32 = error.isMissing ? 66 : error.operation == .create ? 73 : 74
    self.init(error.description, status: status)
  }
}

func engrave(_ path: String) throws(Problem) {
  guard let destination = midiPath(of: path) else { throw Problem("a source is called NAME.score", status: 64) }
  let bytes: [UInt8]
  do {
    let manuscript = try Manuscript(bytes: readBytes(ofFile: path))
    bytes = try MIDIFile.bytes(of: manuscript.score(), format: manuscript.format)
  } catch let error as FileError {
    throw Problem(error)
  } catch {
    throw Problem("\(error)", status: 65)
  }
  do throws(FileError) { try write(bytes, toFile: destination) } catch { throw Problem(error) }
}

func report(_ line: String) {
  Array("\(line)\n".utf8).withUnsafeBytes { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

let paths = CommandLine.arguments.dropFirst()
guard !paths.isEmpty else {
  report("Usage: engrave NAME.score…")
  exit(64)
}
var status: Int32 = 0
for path in paths {
  do throws(Problem) {
    try engrave(path)
  } catch {
    report("Error: \(path): \(error.message)")
    status = error.status
  }
}
exit(status)
