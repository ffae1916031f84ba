/// Names what a file is that is not a MIDI file, from its first bytes.
enum ForeignFormat {
  private static let signatures: [(offset: Int, bytes: StaticString, name: String)] = [
    (0, "PK\u{3}\u{4}", "a ZIP archive; unpack it first"),
    (0, "%PDF", "a PDF document"),
    (0, "OggS", "an Ogg audio file"),
    (0, "fLaC", "a FLAC audio file"),
    (0, "ID3", "an MP3 audio file"),
    (0, "FORM", "an IFF file (AIFF audio or the like)"),
    (0, "MROF", "an old Cakewalk or IFF file"),
    (0, "GIF8", "a GIF picture"),
    (1, "PNG\r\n", "a PNG picture"),
    (4, "ftyp", "an MP4 or M4A file"),
    (1, "ELF", "a program (ELF)"),
    (8, "WAVE", "a WAVE audio file (RIFF)"),
    (8, "sfbk", "a soundfont (RIFF)"),
    (8, "AVI ", "an AVI video (RIFF)"),
    (8, "DLS ", "a downloadable sounds collection (RIFF)"),
    (8, "WEBP", "a WebP picture (RIFF)"),
    (0, "RIFF", "another RIFF file"),
  ]

  /// What the file is, or nil where nothing is recognised.
  static func name(of bytes: FileBytes) -> String? {
    for signature in signatures where bytes.has(signature.bytes, at: signature.offset) { return signature.name }
    if bytes.count >= 2, bytes[0] == 0x1F, bytes[1] == 0x8B { return "a gzip archive; unpack it first" }
    if bytes.count >= 3, bytes[0] == 0xFF, bytes[1] == 0xD8, bytes[2] == 0xFF { return "a JPEG picture" }
    return markup(bytes)
  }

  private static func markup(_ bytes: FileBytes) -> String? {
    let start = String(decoding: bytes.array(0..<min(bytes.count, 1024)), as: UTF8.self)
      .drop { $0.isWhitespace || $0 == "\u{FEFF}" }.lowercased()
    if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") || start.hasPrefix("<head") {
      return "a web page (HTML)"
    }
    if start.contains("<score-partwise") || start.contains("<score-timewise") { return "a MusicXML score" }
    if start.hasPrefix("<?xml") || start.hasPrefix("<") { return "XML or HTML text" }
    return nil
  }

  /// The last resort: text, or no format known here.
  static func guess(_ bytes: FileBytes) -> String {
    let sample = bytes.array(0..<min(bytes.count, 512))
    let isText = sample.allSatisfy { $0 >= 0x20 && $0 < 0x7F || (0x09...0x0D).contains($0) }
    return isText ? "plain text" : "data of an unknown kind (it has no MThd header)"
  }
}
