import Files
import Glibc
import MIDIFiles
import MusicCore
import Terminal

/// Where a command's result goes: a file, or standard output for `-` and where no file is named.
enum Output {
  /// Writes a result whole.
  static func write(_ bytes: [UInt8], to path: String?) throws(Failure) {
    do throws(FileError) {
      if let path, path != "-" {
        try Files.write(bytes, toFile: path)
      } else {
        try writeToStandardOutput(bytes)
      }
    } catch { throw Failure(error) }
  }

  /// Makes a folder for results and those it is in, where they are missing.
  static func createFolder(_ path: String) throws(Failure) {
    do throws(FileError) { try Folder.create(path) } catch { throw Failure(error) }
  }

  /// Makes the folder that a result is to lie in.
  static func createParent(of path: String) throws(Failure) {
    do throws(FileError) { try Folder.createParent(of: path) } catch { throw Failure(error) }
  }

  /// The bytes of a MIDI file with the music that came from an input.
  static func midi(_ score: Score, from path: String) throws(Failure) -> [UInt8] {
    do throws(MIDIFileError) { return try MIDIFile.bytes(of: score) } catch { throw Failure(error, path: path) }
  }

  /// Writes a line of text to standard output.
  static func print(_ line: String) throws(Failure) { try write(Array("\(line)\n".utf8), to: nil) }

  /// Refuses to fill a terminal with bytes that are not text.
  static func requireBinaryDestination(_ path: String?) throws {
    if path == nil, isatty(STDOUT_FILENO) == 1 {
      throw Failure(.usage, nil, "the result is not text; name a file with -o, or - to write it here all the same")
    }
  }
}
