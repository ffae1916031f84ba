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
  var status: ExitStatus

  init(_ message: String, status: ExitStatus) { (self.message, self.status) = (message, status) }

  init(_ error: FileError) { self.init(error.description, status: error.status) }
}

func engrave(_ path: String) throws(Problem) {
  guard let destination = midiPath(of: path) else { throw Problem("a source is called NAME.score", status: .usage) }
  let bytes: [UInt8]
  do {
    let manuscript = try Manuscript(bytes: readBytes(ofFile: path))
    bytes = try MIDIFile.bytes(of: manuscript.score(), format: manuscript.format)
  } catch let error as FileError {
    throw Problem(error)
  } catch {
    throw Problem("\(error)", status: .malformedInput)
  }
  do throws(FileError) { try write(bytes, toFile: destination) } catch { throw Problem(error) }
}

let paths = CommandLine.arguments.dropFirst()
guard !paths.isEmpty else {
  writeToStandardError("Usage: engrave NAME.score…\n")
  exit(ExitStatus.usage.rawValue)
}
var status: Int32 = 0
for path in paths {
  do throws(Problem) {
    try engrave(path)
  } catch {
    writeToStandardError("Error: \(path): \(error.message)\n")
    status = error.status.rawValue
  }
}
exit(status)
