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

/// Engraves one source. The error is one line without the path.
func engrave(_ path: String) -> String? {
  guard let destination = midiPath(of: path) else { return "a source is called NAME.score" }
  do throws(FileError) {
    let source = try readBytes(ofFile: path)
    let bytes: [UInt8]
    do {
      let manuscript = try Manuscript(bytes: source)
      bytes = try MIDIFile.bytes(of: manuscript.score(), format: manuscript.format)
    } catch {
      return "\(error)"
    }
    try write(bytes, toFile: destination)
    return nil
  } catch {
    return error.description
  }
}

func report(_ line: String) {
  Array("\(line)\n".utf8).withUnsafeBytes { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

let paths = CommandLine.arguments.dropFirst()
guard !paths.isEmpty else {
  report("Usage: engrave FILE.score…")
  exit(64)
}
var failed = false
for path in paths {
  if let problem = engrave(path) {
    report("Error: \(path): \(problem)")
    failed = true
  }
}
exit(failed ? 65 : 0)
