extension MIDIFile {
  /// The kind of a file that is recognized but not a MIDI file, such as "a web page (HTML)"; otherwise nil, also for
  /// texts that may be token files.
  public static func foreignKind(of bytes: [UInt8]) -> String? {
    bytes.withUnsafeBufferPointer { buffer in
      let bytes = FileBytes(buffer)
      guard !RMIDReader.isRMID(bytes), let name = ForeignFormat.name(of: bytes) else { return nil }
      // Token files in JSON name their format in the first line.
      let isTokens = String(decoding: buffer.prefix(1024), as: UTF8.self).contains("aurl-tokens")
      return isTokens ? nil : name
    }
  }
}

/// Recognizes files other than MIDI files by their first bytes.
enum ForeignFormat {
  private static let signatures: [(offset: Int, bytes: StaticString, name: String)] = [
    (0, "PK\u{3}\u{4}", "a ZIP archive; unpack it first"),
    (0, "%PDF", "a PDF document"),
    (0, "OggS", "an Ogg audio file"),
    (0, "fLaC", "a FLAC audio file"),
    (0, "ID3", "an MP3 audio file"),
    (8, "XDIR", "an XMI file (Miles Sound System); convert it to MIDI first"),
    (8, "XMID", "an XMI file (Miles Sound System); convert it to MIDI first"),
    (0, "MUS\u{1A}", "a MUS file (DMX, as in Doom); convert it to MIDI first"),
    (0, "HMIMIDIP", "an HMP file (Human Machine Interfaces); convert it to MIDI first"),
    (0, "HMI-MIDISONG", "an HMI file (Human Machine Interfaces); convert it to MIDI first"),
    (0, "SMF2CLIP", "a MIDI clip file of MIDI 2.0 (SMF2CLIP); export a Standard MIDI File"),
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

  /// The kind of the file, or nil if it is not recognized.
  static func name(of bytes: FileBytes) -> String? {
    for signature in signatures where bytes.has(signature.bytes, at: signature.offset) { return signature.name }
    if bytes.count >= 3, bytes[0] == 0xFF, bytes[1] == 0xD8, bytes[2] == 0xFF { return "a JPEG picture" }
    return text(bytes)
  }

  /// The description of any other text.
  static let plainText = "plain text"

  private static func text(_ bytes: FileBytes) -> String? {
    let start = String(decoding: bytes.array(0..<min(bytes.count, 1024)), as: UTF8.self)
      .drop { $0.isWhitespace || $0 == "\u{FEFF}" }.lowercased()
    if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") || start.hasPrefix("<head") {
      return "a web page (HTML)"
    }
    if start.contains("<score-partwise") || start.contains("<score-timewise") { return "a MusicXML score" }
    if start.hasPrefix("<?xml") || start.hasPrefix("<") { return "XML or HTML text" }
    if start.hasPrefix("version https://git-lfs") {
      return "a Git LFS pointer; \"git lfs pull\" brings the file itself"
    }
    // "MThd" and the first byte of its length, in Base64.
    if start.hasPrefix("tvroza") || start.hasPrefix("data:audio/") && start.contains(";base64,") {
      return "Base64 text of a MIDI file; decode it with \"base64 -d\" first"
    }
    if isJSON(start) { return "JSON text" }
    return nil
  }

  /// Whether a text begins like a JSON object or array.
  private static func isJSON(_ start: some StringProtocol) -> Bool {
    guard let first = start.first, first == "{" || first == "[" else { return false }
    guard let second = start.dropFirst().first(where: { !$0.isWhitespace }) else { return false }
    return first == "{" ? second == "\"" || second == "}" : second.isNumber || "\"[{]tfn-".contains(second)
  }

  /// The fallback: plain text or an unknown format.
  static func guess(_ bytes: FileBytes) -> String {
    let sample = bytes.array(0..<min(bytes.count, 512))
    let isText = sample.allSatisfy { $0 >= 0x20 && $0 < 0x7F || (0x09...0x0D).contains($0) }
    return isText ? plainText : "data of an unknown kind (it has no MThd header)"
  }
}
