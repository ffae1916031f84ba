/// A value that is encoded as its name, a string: that of its `description`, which its initializer parses.
package protocol CodableByName: Codable, CustomStringConvertible {
  /// What it is, for the message about a name that is not valid: `a key`.
  static var kind: String { get }

  /// Parses a name; nil if it is not valid.
  init?(_ name: String)
}

extension CodableByName {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let value = Self(name) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(name) is not \(Self.kind)")
    }
    self = value
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
