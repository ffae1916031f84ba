internal import Text

/// JSON with numbers rounded to at most four decimals: times need no finer resolution than a tenth of a millisecond, and
/// fractions and confidences are not known more precisely.
package enum RoundedJSON {
  /// A value on one line with sorted keys, so that equal values give equal text.
  ///
  /// - Throws: `EncodingError` if a number is not finite.
  package static func bytes(of value: some Encodable) throws -> [UInt8] {
    rounded(try JSONText.bytes(of: value))
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
    guard let scaled = tenThousandths(digits) else {
      result += digits
      return
    }
    if scaled < 0 { result.append(UInt8(ascii: "-")) }
    let (whole, fraction) = scaled.magnitude.quotientAndRemainder(dividingBy: 10_000)
    result += "\(whole)".utf8
    guard fraction > 0 else { return }
    result.append(UInt8(ascii: "."))
    var (rest, place) = (fraction, UInt64(1000))
    while rest > 0 {
      result.append(UInt8(ascii: "0") + UInt8(rest / place))
      (rest, place) = (rest % place, place / 10)
    }
  }

  /// A number with a fraction, multiplied by 10 000 and rounded; nil if it is an integer, or too large to need rounding.
  private static func tenThousandths(_ digits: ArraySlice<UInt8>) -> Int64? {
    if digits.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
      guard let value = Double(String(decoding: digits, as: UTF8.self)), abs(value) < 1e11 else { return nil }
      return Int64((value * 10_000).rounded())
    }
    guard let point = digits.firstIndex(of: UInt8(ascii: ".")), digits.count < 40 else { return nil }
    let isNegative = digits.first == UInt8(ascii: "-")
    guard point - digits.startIndex < 13 else { return nil }
    var value: Int64 = 0
    for digit in digits[..<point] where digit != UInt8(ascii: "-") { value = 10 * value + Int64(digit & 15) }
    for place in 1...4 {
      value = 10 * value + (point + place < digits.endIndex ? Int64(digits[point + place] & 15) : 0)
    }
    if point + 5 < digits.endIndex, digits[point + 5] >= UInt8(ascii: "5") { value += 1 }
    return isNegative ? -value : value
  }
}
