/// The metadata of a model's file.
public struct ModelMetadata: Hashable, Sendable {
  /// The dimensions of the model.
  public var configuration: Configuration
  /// The hash of the dataset that it was trained on; empty if there was none.
  public var dataHash: String
  /// The number of optimizer steps of its training.
  public var step: Int
  /// Metrics by name, such as `valid.natsPerToken`. Values that are not finite are not written.
  public var metrics: [String: Double]
  /// An identifier shared with the training state beside the model; nil for a model without one.
  public internal(set) var pair: String?

  /// Creates metadata.
  public init(
    configuration: Configuration, dataHash: String = "", step: Int = 0, metrics: [String: Double] = [:]
  ) {
    self.configuration = configuration
    self.dataHash = dataHash
    self.step = step
    self.metrics = metrics
  }
}
