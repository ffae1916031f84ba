/// The metadata of a model's or critic's file, which determine its tensors.
protocol WeightMetadata {
  associatedtype Dimensions: WeightConfiguration

  /// The kind of file for messages: a model, a critic.
  static var kind: String { get }
  static var format: String { get }
  static var version: String { get }

  var configuration: Dimensions { get }
  var dataHash: String { get }
  var step: Int { get }
  var metrics: [String: Double] { get }
  /// The metadata that only files of this kind have.
  var ownText: [MetadataKey: String] { get }

  /// Reads the metadata of a file, and checks that this program can use it.
  init(text: [String: String]) throws(Flaw)
}

/// The names of the metadata in the files.
enum MetadataKey: String {
  case format, version, configuration, vocabulary, data, step, metrics
  /// Those of a model.
  case pair
  /// Those of a critic.
  case calibration, features, model
}

extension WeightMetadata {
  /// The metadata as key-value text.
  var text: [String: String] {
    var text = ownText
    text[.format] = Self.format
    text[.version] = Self.version
    text[.configuration] = MetadataJSON.encoded(configuration)
    text[.vocabulary] = Configuration.Vocabulary.hash
    text[.data] = dataHash
    text[.step] = "\(step)"
    text[.metrics] = MetadataJSON.encoded(metrics.filter(\.value.isFinite))
    return Dictionary(uniqueKeysWithValues: text.map { ($0.key.rawValue, $0.value) })
  }
}
