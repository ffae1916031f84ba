internal import MusicCore

/// Reads a `part:` line: a name, an instrument, and settings in any order.
struct PartReader {
  var scanner: Scanner
  var offset: Int

  /// Words that begin lines, so that no part can have them for its name.
  private static let fields: Set = [
    "title", "composer", "arranger", "work", "source", "format", "ppq", "part", "meter", "key", "tempo",
    "partial",
    "section", "form",
  ]

  mutating func part(of manuscript: Manuscript) throws(NotationError) -> Manuscript.Part {
    scanner.skipBlanks()
    let name = word()
    guard !name.isEmpty, !Self.fields.contains(name) else {
      throw bad(manuscript, name, "a name that is not that of a field")
    }
    guard !manuscript.parts.contains(where: { $0.name == name }) else {
      throw manuscript.error(.duplicate(name), at: offset)
    }
    guard manuscript.parts.count < 64 else {
      throw manuscript.error(.tooMuch("parts: 64 at most"), at: offset)
    }
    var part = Manuscript.Part(
      name: name,
      title: name,
      program: Program(masking: 0),
      channel: Channel(status: 0)
    )
    scanner.skipBlanks()
    while scanner.peek != nil {
      try readSetting(of: &part, in: manuscript)
      scanner.skipBlanks()
    }
    return part
  }

  private mutating func readSetting(
    of part: inout Manuscript.Part,
    in manuscript: Manuscript
  ) throws(NotationError) {
    if scanner.skip("\"") {
      guard let title = scanner.quoted() else {
        throw manuscript.error(.unexpected("no closing quote", expected: "one"), at: scanner.offset)
      }
      part.title = title
      return
    }
    let setting = word()
    switch setting {
    case "drums": part.channel = .drums
    case "channel":
      let number = try value(of: setting, in: 1...16, manuscript)
      part.channel = Channel(status: UInt8(number - 1))
    case "program":
      part.program = Program(masking: UInt8(try value(of: setting, in: 1...128, manuscript) - 1))
    case "volume": part.volume = UInt8(try value(of: setting, in: 0...127, manuscript))
    case "pan": part.pan = UInt8(try value(of: setting, in: 0...127, manuscript))
    case "softer": part.balance = -(try value(of: setting, in: 0...64, manuscript))
    case "louder": part.balance = try value(of: setting, in: 0...64, manuscript)
    case "follows":
      scanner.skipBlanks()
      let name = word()
      guard let index = manuscript.parts.firstIndex(where: { $0.name == name }) else {
        throw bad(manuscript, name, "the name of a part above")
      }
      part.followed = manuscript.parts[index].followed ?? index
    default:
      guard let program = Instruments.program(setting) else {
        throw bad(
          manuscript,
          setting,
          "an instrument such as piano, or channel, program, volume, pan, softer, louder, follows, drums, \"Title\""
        )
      }
      part.program = program
    }
  }

  private mutating func word() -> String { scanner.take { !$0.isBlank && $0 != "\"" } }

  private mutating func value(
    of setting: String,
    in range: ClosedRange<Int>,
    _ manuscript: Manuscript
  ) throws(NotationError) -> Int {
    scanner.skipBlanks()
    let word = word()
    guard let number = Int(word), range.contains(number) else {
      throw manuscript.error(
        .badValue(field: setting, value: word, expected: "\(range.lowerBound) … \(range.upperBound)"),
        at: offset
      )
    }
    return number
  }

  private func bad(_ manuscript: Manuscript, _ value: String, _ expected: String) -> NotationError {
    manuscript.error(.badValue(field: "part", value: value, expected: expected), at: offset)
  }
}
