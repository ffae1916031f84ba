/// A value that is a number where it can be one.
enum NumberOrText: Encodable {
  case number(Int)
  case text(String)

  init(_ text: String) { self = Int(text).map(Self.number) ?? .text(text) }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    }
  }
}
