internal import FoundationEssentials
internal import MusicFeatures
internal import Text

/// The metadata of a critic's file.
public struct CriticMetadata: Hashable, Sendable {
  /// The dimensions of the critic.
  public var configuration: CriticConfiguration
  /// How logits are turned into probabilities.
  public var calibration: CriticCalibration
  /// The hash of the dataset of real music that it was trained on.
  public var dataHash: String
  /// The model whose takes it was trained on: the SHA-256 of its file in hexadecimal.
  public var modelHash: String
  /// The number of optimizer steps of its training.
  public var step: Int
  /// Metrics by name, such as `valid.areaUnderCurve.local`. Values that are not finite are not written.
  public var metrics: [String: Double]

  /// Creates metadata.
  public init(
    configuration: CriticConfiguration, calibration: CriticCalibration = CriticCalibration(), dataHash: String = "",
    modelHash: String = "", step: Int = 0, metrics: [String: Double] = [:]
  ) {
    self.configuration = configuration
    self.calibration = calibration
    self.dataHash = dataHash
    self.modelHash = modelHash
    self.step = step
    self.metrics = metrics
  }
}

extension CriticMetadata {
  static let format = "aurl-critic"
  static let version = "1"

  private enum Key: String {
    case format, version, configuration, calibration, vocabulary, features, data, model, step, metrics
  }

  /// The metadata as key-value text.
  var text: [String: String] {
    let text: [Key: String] = [
      .format: Self.format, .version: Self.version, .configuration: ModelMetadata.json(configuration),
      .calibration: ModelMetadata.json(calibration), .vocabulary: Configuration.Vocabulary.hash,
      .features: "\(PositionFeatures.count)", .data: dataHash, .model: modelHash, .step: "\(step)",
      .metrics: ModelMetadata.json(metrics.filter(\.value.isFinite)),
    ]
    return Dictionary(uniqueKeysWithValues: text.map { ($0.key.rawValue, $0.value) })
  }

  /// Reads the metadata of a file, and checks that this program can use the critic.
  init(text: [String: String]) throws(Flaw) {
    let reader = try MetadataReader(text, "critic", format: Self.format, version: Self.version)
    func value(_ key: Key) throws(Flaw) -> String { try reader.value(key.rawValue) }
    let features = try value(.features)
    guard features == "\(PositionFeatures.count)" else {
      throw Flaw("the critic listens to \(quoted(features)) features; this program has \(PositionFeatures.count)")
    }
    let step = try reader.step()
    let what = "the configuration"
    let configuration: CriticConfiguration = try ModelMetadata.strictlyDecoded(try value(.configuration), what)
    do { try configuration.validate() } catch { throw Flaw("\(what) is invalid: \(error)") }
    let calibration: CriticCalibration = try ModelMetadata.strictlyDecoded(try value(.calibration), "the calibration")
    guard calibration.isFinite else { throw Flaw("the calibration has a number that is not finite") }
    self.init(
      configuration: configuration, calibration: calibration, dataHash: try value(.data),
      modelHash: try value(.model), step: step,
      metrics: try ModelMetadata.decoded(try value(.metrics), "the metrics"))
  }
}
