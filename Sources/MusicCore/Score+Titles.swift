extension Score {
  /// The title of the piece: the name of the only track or of a first track without notes (Standard MIDI Files 1.0,
  /// meta event 03), or the title line of a karaoke file; nil if there is none.
  public var title: String? {
    if let title = karaokeLines.first { return title }
    guard let first = tracks.first, tracks.count == 1 || first.notes.isEmpty else { return nil }
    return first.name.flatMap(Self.trimmed)
  }

  /// The rest of the first text of the first track, such as the opus and the composer, if that text begins with the
  /// title; otherwise the composer.
  public var subtitle: String? {
    guard let title, let text = tracks.first?.texts.first(where: { $0.kind == .text && !$0.bytes.isEmpty })?.string,
      text.hasPrefix(title)
    else { return composer }
    return Self.trimmed(String(text.dropFirst(title.count).drop { $0 == "," || $0 == ";" || $0 == "." })) ?? composer
  }

  /// The composer: from a text "Composer: NAME" in the first track, or the second title line of a karaoke file.
  public var composer: String? {
    let texts = tracks.first?.texts.filter { $0.kind == .text } ?? []
    for text in texts.map(\.string) where text.lowercased().hasPrefix("composer:") {
      if let name = Self.trimmed(String(text.dropFirst("composer:".count))) { return name }
    }
    return karaokeLines.dropFirst().first
  }

  /// The copyright notice (meta event 02).
  public var copyright: String? {
    tracks.lazy.flatMap(\.texts).first { $0.kind == .copyright }.flatMap { Self.trimmed($0.string) }
  }

  /// The title lines of a karaoke file: texts that begin with "@T".
  private var karaokeLines: [String] {
    tracks.lazy.flatMap(\.texts).filter { $0.kind == .text && $0.bytes.starts(with: Array("@T".utf8)) }
      .compactMap { Self.trimmed(String($0.string.dropFirst(2))) }
  }

  /// The text without surrounding white space and zeros, which would truncate it elsewhere; nil if nothing is left.
  private static func trimmed(_ text: String) -> String? {
    let isSpace = { (character: Character) in character.isWhitespace || character == "\0" }
    let rest = text.drop(while: isSpace)
    let count = rest.reversed().prefix(while: isSpace).count
    let trimmed = rest.dropLast(count).filter { $0 != "\0" }
    return trimmed.isEmpty ? nil : String(trimmed)
  }
}
