/// The two text formats of tokens.
enum TokenText {
  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  /// The ids, sixteen per line.
  static func ids(_ tokens: [Token]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(tokens.count * 4)
    for (index, token) in tokens.enumerated() {
      let value = token.rawValue
      if value >= 100 { bytes.append(0x30 + UInt8(value / 100)) }
      if value >= 10 { bytes.append(0x30 + UInt8(value / 10 % 10)) }
      bytes.append(0x30 + UInt8(value % 10))
      bytes.append(index % 16 == 15 || index == tokens.count - 1 ? 0x0A : 0x20)
    }
    return bytes
  }

  static func names(_ tokens: [Token]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(tokens.count * 14)
    for token in tokens {
      bytes.append(contentsOf: token.description.utf8)
      bytes.append(0x0A)
    }
    return bytes
  }

  /// Reads either format: a word of digits is an id, two words are a name.
  static func tokens(of bytes: [UInt8]) throws(TokenFileError) -> [Token] {
    var tokens: [Token] = []
    tokens.reserveCapacity(bytes.count / 4)
    var words = Words(bytes)
    while let word = words.next() {
      if let value = number(bytes[word]) {
        guard let raw = UInt16(exactly: value), let token = Token(rawValue: raw) else {
          throw .noToken(text(bytes[word]), index: tokens.count)
        }
        tokens.append(token)
      } else {
        let name = text(bytes[word])
        guard ["NOTE_ON", "NOTE_OFF", "TIME_SHIFT", "VELOCITY_CHANGE"].contains(name) else {
          if tokens.isEmpty { throw .unrecognized("it begins with \"\(name)\"") }
          throw .noToken("\"\(name)\"", index: tokens.count)
        }
        let whole = words.next().map { "\(name) \(text(bytes[$0]))" } ?? name
        guard let token = Token(whole) else { throw .noToken("\"\(whole)\"", index: tokens.count) }
        tokens.append(token)
      }
    }
    return tokens
  }

  /// An integer of up to nine digits, with or without a sign; nil for anything else.
  private static func number(_ word: ArraySlice<UInt8>) -> Int? {
    let digits = word.first == UInt8(ascii: "-") ? word.dropFirst() : word
    guard (1...9).contains(digits.count) else { return nil }
    var value = 0
    for byte in digits {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    return digits.count == word.count ? value : -value
  }

  /// A word for an error message: printable and shortened to fit a line.
  private static func text(_ word: ArraySlice<UInt8>) -> String {
    String(decoding: word.prefix(40).map { (0x21..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
  }

  /// The words separated by white space, without comments.
  private struct Words {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> Range<Int>? {
      while offset < bytes.count {
        if TokenText.isSpace(bytes[offset]) {
          offset += 1
        } else if bytes[offset] == UInt8(ascii: "#") {
          while offset < bytes.count, bytes[offset] != 0x0A { offset += 1 }
        } else {
          let start = offset
          while offset < bytes.count, !TokenText.isSpace(bytes[offset]), bytes[offset] != UInt8(ascii: "#") {
            offset += 1
          }
          return start..<offset
        }
      }
      return nil
    }
  }
}
