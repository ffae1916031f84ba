/// A scanner over a part of a source. Blanks, line ends and comments separate tokens.
struct Scanner {
  let characters: [Unicode.Scalar]
  var offset: Int
  let end: Int

  init(_ characters: [Unicode.Scalar], _ range: Range<Int>) {
    self.characters = characters
    (offset, end) = (range.lowerBound, range.upperBound)
  }

  var peek: Unicode.Scalar? { offset < end ? characters[offset] : nil }

  mutating func skipBlanks() {
    while let next = peek {
      if next == "#", offset == 0 || characters[offset - 1].isBlank {
        while let next = peek, next != "\n" { offset += 1 }
      } else if next.isBlank {
        offset += 1
      } else {
        return
      }
    }
  }

  /// Skips `character` if it is next.
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard peek == character else { return false }
    offset += 1
    return true
  }

  mutating func take(while condition: (Unicode.Scalar) -> Bool) -> String {
    let start = offset
    while let next = peek, condition(next) { offset += 1 }
    return text(start..<offset)
  }

  /// A number of at most six digits; more are left unread.
  mutating func number() -> Int? {
    var value: Int?
    var digits = 0
    while let next = peek, next.isDigit, digits < 6 {
      value = (value ?? 0) * 10 + Int(next.value - 48)
      digits += 1
      offset += 1
    }
    return value
  }

  /// The text up to the closing quote of a string whose opening quote was read, or nil where there is none.
  mutating func quoted() -> String? {
    let start = offset
    while let next = peek, next != "\n" {
      offset += 1
      if next == "\"" { return text(start..<offset - 1) }
    }
    return nil
  }

  func text(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(characters[range])) }

  /// A description of the text at the current position, for an error message.
  var found: String {
    guard let next = peek, next != "\n" else { return "the end of the line" }
    return "'\(Character(next))'"
  }
}

extension Unicode.Scalar {
  var isBlank: Bool { self == " " || self == "\t" || self == "\n" || self == "\r" }
  var isDigit: Bool { self >= "0" && self <= "9" }
  var isLowercase: Bool { self >= "a" && self <= "z" }
}
