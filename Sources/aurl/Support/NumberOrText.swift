/// A value that is encoded as a number if possible, otherwise as text.
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
