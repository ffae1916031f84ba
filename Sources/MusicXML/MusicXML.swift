internal import Archives
public import MusicCore

/// MusicXML (W3C, version 4.0), plain or compressed (`.mxl`).
public enum MusicXML {
  /// The maximum size of a file, and of the content of a compressed one, in bytes.
  static let limit = 64 << 20

  /// Whether bytes may be a MusicXML file: a score in XML, or a ZIP archive, which may contain one.
  public static func isScore(_ bytes: [UInt8]) -> Bool {
    if ZipArchive.isArchive(bytes) { return (try? document(in: bytes)) != nil }
    let start = String(decoding: bytes.prefix(4096).filter { $0 != 0 }, as: UTF8.self)
    return start.contains("<score-partwise") || start.contains("<score-timewise")
  }

  /// The music of a file as it is played, with repeats unfolded.
  ///
  /// - Throws: `MusicXMLError` if it is malformed or not a score.
  /// - Complexity: O(bytes), and O(n log n) in the notes after unfolding repeats.
  public static func score(of bytes: [UInt8]) throws(MusicXMLError) -> Score {
    let text = ZipArchive.isArchive(bytes) ? try document(in: bytes) : bytes
    guard text.count <= limit else { throw .tooLarge("more than \(limit >> 20) MiB") }
    return try ScoreReader(XMLParser.tree(of: text).root).score()
  }

  /// The score in a compressed file: the first one named by its container file, otherwise the first one found.
  private static func document(in bytes: [UInt8]) throws(MusicXMLError) -> [UInt8] {
    do throws(ArchiveError) {
      let archive = try ZipArchive(bytes)
      var name: String?
      if let container = try? archive.content(of: "META-INF/container.xml", limit: 1 << 20),
        let root = try? XMLParser.tree(of: container).root
      {
        name = root["rootfiles"]?["rootfile"]?[attribute: "full-path"]
      }
      let scores = archive.names.filter {
        !$0.hasPrefix("META-INF/") && ($0.hasSuffix(".xml") || $0.hasSuffix(".musicxml"))
      }
      guard let file = name ?? scores.first else { throw .noFile("score") }
      return try archive.content(of: file, limit: limit)
    } catch { throw MusicXMLError(error) }
  }
}
