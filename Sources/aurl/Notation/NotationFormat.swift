import Files
import Terminal

/// The format of notation, by the extension of the output.
enum NotationFormat: Equatable {
  case musicXML
  /// MusicXML in a ZIP archive.
  case compressedMusicXML
  /// A format engraved by MuseScore.
  case engraved(String)

  /// The extensions of the formats, in lowercase.
  static let extensions = ["musicxml", "xml", "mxl"] + engravedExtensions
  private static let engravedExtensions = ["pdf", "png", "svg"]

  init(path: String?) throws(Failure) {
    guard let path, path != "-" else {
      self = .musicXML
      return
    }
    let name = path.fileExtension.lowercased()
    switch name {
    case "musicxml", "xml": self = .musicXML
    case "mxl": self = .compressedMusicXML
    case _ where Self.engravedExtensions.contains(name): self = .engraved(name)
    default:
      throw Failure(
        .usage, path, "the extension names no format; use .musicxml, .xml or .mxl, or .pdf, .png or .svg for MuseScore")
    }
  }

  /// Writes notation to a file, or to standard output.
  func write(_ notation: NotatedFile, to path: String?) throws {
    switch self {
    case .musicXML: try Output.write(notation.bytes, to: path)
    case .compressedMusicXML: try Output.write(notation.compressedBytes(path ?? "-"), to: path)
    case .engraved: try MuseScore.find().engrave(notation.engravedBytes, to: path ?? "-")
    }
  }
}

/// The notation program MuseScore, if it is installed.
struct MuseScore {
  let path: String

  /// The names of the program in various packages.
  private static let names = ["mscore4portable", "mscore", "musescore", "musescore3", "mscore3", "MuseScore"]

  /// - Throws: `Failure` if it is not on PATH.
  static func find() throws(Failure) -> MuseScore {
    let folders = (Environment["PATH"] ?? "").split(separator: ":").map(String.init)
    for name in names {
      for folder in folders where FileSystem.isExecutable("\(folder)/\(name)") {
        return MuseScore(path: "\(folder)/\(name)")
      }
    }
    throw Failure(
      .unavailable, "MuseScore",
      "it is not on PATH, and is needed for .pdf, .png and .svg; -o song.musicxml works without it")
  }

  /// Engraves a MusicXML document. MuseScore numbers the files of several pages of .png and .svg.
  func engrave(_ document: [UInt8], to output: String) throws(Failure) {
    let source = "\(output).musicxml.tmp.musicxml"
    try Output.write(document, to: source)
    defer { try? FileSystem.remove(source) }
    let status: Int32
    do throws(FileError) {
      // Run without a display.
      status = try FileSystem.run(path, ["-o", output, source], environment: ["QT_QPA_PLATFORM=offscreen"])
    } catch { throw Failure(error) }
    guard status == 0 else {
      throw Failure(.unavailable, "MuseScore", "it ended with status \(status) and wrote no file")
    }
  }
}
