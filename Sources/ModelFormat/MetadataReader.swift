/// Reads the metadata common to the files of models and critics.
struct MetadataReader {
  let text: [String: String]

  /// Checks that the file is of its kind, in this version of the format, and for this program's tokens.
  init<Metadata: WeightMetadata>(_ text: [String: String], of _: Metadata.Type) throws(Flaw) {
    self.text = text
    let kind = Metadata.kind
    guard self[.format] == Metadata.format else { throw Flaw("is not a \(kind) of Aurl, according to its metadata") }
    let version = try value(.version)
    guard version == Metadata.version else {
      throw Flaw("the \(kind) is of version \(quoted(version)) of the format; this program reads \(Metadata.version)")
    }
    let vocabulary = try value(.vocabulary)
    guard vocabulary == Configuration.Vocabulary.hash else {
      throw Flaw(
        "the \(kind) was made for other tokens (\(quoted(vocabulary)), this program has \(Configuration.Vocabulary.hash))"
      )
    }
  }

  subscript(key: MetadataKey) -> String? { text[key.rawValue] }

  func value(_ key: MetadataKey) throws(Flaw) -> String {
    guard let value = self[key] else { throw Flaw("the metadata have no \(quoted(key.rawValue))") }
    return value
  }

  /// Optimizer steps.
  func step() throws(Flaw) -> Int {
    let step = try value(.step)
    guard let number = Int(step), number >= 0 else { throw Flaw("the step is \(quoted(step)), not a whole number") }
    return number
  }

  /// The hyperparameters, of which something can be built.
  func configuration<Dimensions: WeightConfiguration>() throws(Flaw) -> Dimensions {
    let what = "the configuration"
    let configuration: Dimensions = try MetadataJSON.strictlyDecoded(try value(.configuration), what)
    do { try configuration.validate() } catch { throw Flaw("\(what) is invalid: \(error)") }
    return configuration
  }

  func metrics() throws(Flaw) -> [String: Double] { try MetadataJSON.decoded(try value(.metrics), "the metrics") }
}
