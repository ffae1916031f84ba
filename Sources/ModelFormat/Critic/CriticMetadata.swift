internal import MusicFeatures

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

extension CriticMetadata: WeightMetadata {
  static let kind = "critic"
  static let format = "aurl-critic"
  static let version = "1"

  var ownText: [MetadataKey: String] {
    [.calibration: MetadataJSON.encoded(calibration), .features: "\(PositionFeatures.count)", .model: modelHash]
  }

  /// Reads the metadata of a file, and checks that this program can use the critic.
  init(text: [String: String]) throws(Flaw) {
    let reader = try MetadataReader(text, of: Self.self)
    let features = try reader.value(.features)
    guard features == "\(PositionFeatures.count)" else {
      throw Flaw("the critic listens to \(quoted(features)) features; this program has \(PositionFeatures.count)")
    }
    let step = try reader.step()
    let configuration: CriticConfiguration = try reader.configuration()
    let calibration: CriticCalibration = try MetadataJSON.strictlyDecoded(
      try reader.value(.calibration), "the calibration")
    guard calibration.isFinite else { throw Flaw("the calibration has a number that is not finite") }
    self.init(
      configuration: configuration, calibration: calibration, dataHash: try reader.value(.data),
      modelHash: try reader.value(.model), step: step, metrics: try reader.metrics())
  }
}
