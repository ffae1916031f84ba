import Files
import Glibc
import MIDIFiles
import MusicCore
import Terminal

/// The destination of a command's result: a file, or standard output for `-` and if no file is named.
enum Output {
  /// Writes a result, atomically if it is a file.
  static func write(_ bytes: [UInt8], to path: String?) throws(Failure) {
    do throws(FileError) {
      if let path, path != "-" {
        try Files.write(bytes, toFile: path)
      } else {
        try writeToStandardOutput(bytes)
      }
    } catch { throw Failure(error) }
  }

  /// Creates a folder for results, and its parents.
  static func createFolder(_ path: String) throws(Failure) {
    do throws(FileError) { try Folder.create(path) } catch { throw Failure(error) }
  }

  /// Creates the parent folder of a result.
  static func createParent(of path: String) throws(Failure) {
    do throws(FileError) { try Folder.createParent(of: path) } catch { throw Failure(error) }
  }

  /// The bytes of a MIDI file with the music of an input.
  static func midi(_ score: Score, from path: String) throws(Failure) -> [UInt8] {
    do throws(MIDIFileError) { return try MIDIFile.bytes(of: score) } catch { throw Failure(error, path: path) }
  }

  /// Writes a line of text to standard output.
  static func print(_ line: String) throws(Failure) { try write(Array("\(line)\n".utf8), to: nil) }

  /// Rejects writing binary data to a terminal.
  static func requireBinaryDestination(_ path: String?) throws {
    if path == nil, isatty(STDOUT_FILENO) == 1 {
      throw Failure(
        .usage, nil, "the result is binary; name a file with -o, or use -o - to write it to the terminal anyway")
    }
  }
}
