internal import FoundationEssentials
internal import Text

/// JSON among the metadata of a file.
enum MetadataJSON {
  static func encoded(_ value: some Encodable) -> String {
    // Finite numbers and text always encode.
    (try? JSONText.line(value)) ?? "{}"
  }

  static func decoded<Value: Decodable>(_ text: String, _ what: String) throws(Flaw) -> Value {
    do { return try JSONDecoder().decode(Value.self, from: Data(text.utf8)) } catch {
      throw Flaw("\(what) cannot be read: \(reason(error))")
    }
  }

  /// Decodes JSON and rejects unknown fields, which might change what is computed.
  static func strictlyDecoded<Value: Codable>(_ text: String, _ what: String) throws(Flaw) -> Value {
    let value: Value = try decoded(text, what)
    let fields: FieldNames = try decoded(text, what)
    let known: FieldNames = try decoded(encoded(value), what)
    if let field = fields.names.subtracting(known.names).min() {
      throw Flaw("\(what) has the unknown field \(quoted(field))")
    }
    return value
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _): "\(quoted(key.stringValue)) is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "\(quoted(context.codingPath.map(\.stringValue).joined(separator: "."))) is of the wrong type"
    case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
      "\(quoted(context.codingPath.map(\.stringValue).joined(separator: "."))) has no value that it can have"
    default: "it is not JSON"
    }
  }
}

/// The names of all fields with a value, those of nested objects joined by dots.
private struct FieldNames: Decodable {
  var names: Set<String> = []

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: AnyCodingKey.self)
    for key in container.allKeys where try !container.decodeNil(forKey: key) {
      names.insert(key.stringValue)
      let inner = try? container.decode(FieldNames.self, forKey: key)
      names.formUnion(inner?.names.map { "\(key.stringValue).\($0)" } ?? [])
    }
  }
}
