internal import FoundationEssentials
internal import Text

/// The metadata of a safetensors file that makes it a model of this program.
extension ModelMetadata {
  static let format = "aurl-model"
  static let version = "3"

  /// The names of the metadata in the file.
  enum Key: String {
    case format, version, configuration, vocabulary, data, step, metrics, pair
  }

  /// The metadata as key-value text.
  var text: [String: String] {
    var text: [Key: String] = [
      .format: Self.format, .version: Self.version, .configuration: Self.json(configuration),
      .vocabulary: Configuration.Vocabulary.hash, .data: dataHash, .step: "\(step)",
      .metrics: Self.json(metrics.filter(\.value.isFinite)),
    ]
    text[.pair] = pair
    return Dictionary(uniqueKeysWithValues: text.map { ($0.key.rawValue, $0.value) })
  }

  /// Reads the metadata of a file, and checks that this program can use the model.
  init(text: [String: String]) throws(Flaw) {
    let reader = try MetadataReader(text, "model", format: Self.format, version: Self.version)
    func value(_ key: Key) throws(Flaw) -> String { try reader.value(key.rawValue) }
    let step = try reader.step()
    self.init(
      configuration: try Self.configuration(try value(.configuration)), dataHash: try value(.data), step: step,
      metrics: try Self.decoded(try value(.metrics), "the metrics"))
    pair = text[Key.pair.rawValue]
  }

  private static func configuration(_ text: String) throws(Flaw) -> Configuration {
    let what = "the configuration"
    let configuration: Configuration = try strictlyDecoded(text, what)
    do { try configuration.validate() } catch { throw Flaw("\(what) is invalid: \(error)") }
    return configuration
  }

  /// Decodes JSON and rejects unknown fields, which might change what is computed.
  static func strictlyDecoded<Value: Codable>(_ text: String, _ what: String) throws(Flaw) -> Value {
    let value: Value = try decoded(text, what)
    let fields: FieldNames = try decoded(text, what)
    let known: FieldNames = try decoded(json(value), what)
    if let field = fields.names.subtracting(known.names).min() {
      throw Flaw("\(what) has the unknown field \(quoted(field))")
    }
    return value
  }

  static func json(_ value: some Encodable) -> String {
    // Finite numbers and text always encode.
    (try? JSONText.line(value)) ?? "{}"
  }

  static func decoded<Value: Decodable>(_ text: String, _ what: String) throws(Flaw) -> Value {
    do { return try JSONDecoder().decode(Value.self, from: Data(text.utf8)) } catch {
      throw Flaw("\(what) cannot be read: \(reason(error))")
    }
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
