internal import FoundationEssentials

/// JSON whose fractions have at most four digits: a tenth of a millisecond is finer than MIDI, and of shares and
/// confidences no more is known.
public enum RoundedJSON {
  private static let scale = 10_000.0

  /// A value on one line, keys sorted so that the same result is the same text.
  ///
  /// - Throws: `EncodingError` where a number is not finite.
  public static func bytes(of value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return rounded(Array(try encoder.encode(value)))
  }

  /// The same text with its numbers rounded.
  static func rounded(_ json: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(json.count)
    var index = 0
    while index < json.count {
      let start = index
      switch json[index] {
      case UInt8(ascii: "\""):
        index += 1
        while json[index] != UInt8(ascii: "\"") { index += json[index] == UInt8(ascii: "\\") ? 2 : 1 }
        index += 1
        result += json[start..<index]
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        while index < json.count, isInNumber(json[index]) { index += 1 }
        append(json[start..<index], to: &result)
      default:
        index += 1
        result.append(json[start])
      }
    }
    return result
  }

  private static func isInNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): true
    default: false
    }
  }

  private static func append(_ digits: ArraySlice<UInt8>, to result: inout [UInt8]) {
    let isWhole = digits.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    guard !isWhole, let value = Double(String(decoding: digits, as: UTF8.self)), abs(value) < 1e11 else {
      result += digits
      return
    }
    let scaled = Int64((value * scale).rounded())
    if scaled < 0 { result.append(UInt8(ascii: "-")) }
    let (whole, fraction) = scaled.magnitude.quotientAndRemainder(dividingBy: UInt64(scale))
    result += "\(whole)".utf8
    guard fraction > 0 else { return }
    var places = Array("\(fraction + UInt64(scale))".utf8.dropFirst())
    while places.last == UInt8(ascii: "0") { places.removeLast() }
    result.append(UInt8(ascii: "."))
    result += places
  }
}
