internal import FoundationEssentials

/// The metadata of a safetensors file that makes it a model of this program.
extension ModelMetadata {
  static let format = "aurl-model"
  static let version = "1"

  /// The names of the metadata in the file.
  enum Key: String {
    case format, version, configuration, vocabulary, data, step, metrics, pair
  }

  /// The metadata as text by name.
  var text: [String: String] {
    var text: [Key: String] = [
      .format: Self.format, .version: Self.version, .configuration: Self.json(configuration),
      .vocabulary: Configuration.Vocabulary.hash, .data: dataHash, .step: "\(step)",
      .metrics: Self.json(metrics.filter(\.value.isFinite)),
    ]
    text[.pair] = pair
    return Dictionary(uniqueKeysWithValues: text.map { ($0.key.rawValue, $0.value) })
  }

  /// Reads the metadata of a file, and holds that this program can use the model.
  init(text: [String: String]) throws(Flaw) {
    func value(_ key: Key) throws(Flaw) -> String {
      guard let value = text[key.rawValue] else { throw Flaw("the metadata have no \(quoted(key.rawValue))") }
      return value
    }
    guard text[Key.format.rawValue] == Self.format else {
      throw Flaw("is not a model of Aurl; its metadata do not say so")
    }
    let version = try value(.version)
    guard version == Self.version else {
      throw Flaw("the model is of version \(quoted(version)) of the format; this program reads \(Self.version)")
    }
    let vocabulary = try value(.vocabulary)
    guard vocabulary == Configuration.Vocabulary.hash else {
      throw Flaw(
        "the model was made for other tokens (\(quoted(vocabulary)), this program has \(Configuration.Vocabulary.hash))"
      )
    }
    let step = try value(.step)
    guard let number = Int(step), number >= 0 else { throw Flaw("the step is \(quoted(step)), not a whole number") }
    self.init(
      configuration: try Self.configuration(try value(.configuration)), dataHash: try value(.data), step: number,
      metrics: try Self.decoded(try value(.metrics), "the metrics"))
    pair = text[Key.pair.rawValue]
  }

  private static func configuration(_ text: String) throws(Flaw) -> Configuration {
    let what = "the configuration"
    let configuration: Configuration = try decoded(text, what)
    // A field that is not known here may change what the model computes.
    let fields: FieldNames = try decoded(text, what)
    let known: FieldNames = try decoded(json(configuration), what)
    if let field = fields.names.subtracting(known.names).min() {
      throw Flaw("\(what) has \(quoted(field)), which this program does not know")
    }
    do { try configuration.validate() } catch { throw Flaw("\(what) is not sound: \(error)") }
    return configuration
  }

  private static func json(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Finite numbers and text always encode.
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  private static func decoded<Value: Decodable>(_ text: String, _ what: String) throws(Flaw) -> Value {
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

/// The names of all fields that have a value, those of objects in objects with a point.
private struct FieldNames: Decodable {
  var names: Set<String> = []

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    for key in container.allKeys where try !container.decodeNil(forKey: key) {
      names.insert(key.stringValue)
      let inner = try? container.decode(FieldNames.self, forKey: key)
      names.formUnion(inner?.names.map { "\(key.stringValue).\($0)" } ?? [])
    }
  }
}
