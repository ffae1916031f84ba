internal import FoundationEssentials

/// JSON on one line, with sorted keys, so that the same value always gives the same text.
package enum JSONText {
  /// A value in UTF-8.
  ///
  /// - Throws: `EncodingError` where a number is not finite.
  package static func bytes(of value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value))
  }

  /// A value as text, without a line end.
  ///
  /// - Throws: `EncodingError` where a number is not finite.
  package static func line(_ value: some Encodable) throws -> String {
    String(decoding: try bytes(of: value), as: UTF8.self)
  }
}
