import Files
import Glibc
import MIDIFiles
import MusicCore
import Notation
import Terminal

// Writes the MIDI file of every source named on the command line to the same folder: minuet.score gives minuet.mid.

/// The path of the MIDI file of a source, or nil if the name does not end in `.score`.
func midiPath(of source: String) -> String? {
  source.hasSuffix(".score") ? String(source.dropLast(6)) + ".mid" : nil
}

func engrave(_ path: String) throws(Failure) {
  guard let destination = midiPath(of: path) else { throw Failure(.usage, path, "a source must be named NAME.score") }
  let bytes: [UInt8]
  do {
    let manuscript = try Manuscript(bytes: readBytes(ofFile: path))
    bytes = try MIDIFile.bytes(of: manuscript.score(), format: manuscript.format)
  } catch let error as FileError {
    throw Failure(error)
  } catch {
    throw Failure(.malformedInput, path, "\(error)")
  }
  do throws(FileError) { try write(bytes, toFile: destination) } catch { throw Failure(error) }
}

let paths = CommandLine.arguments.dropFirst()
guard !paths.isEmpty else {
  Message.note("Usage: engrave NAME.score…")
  exit(ExitStatus.usage.rawValue)
}
var status: Int32 = 0
for path in paths {
  do throws(Failure) {
    try engrave(path)
  } catch {
    Message.error(error.description)
    status = error.status.rawValue
  }
}
exit(status)
