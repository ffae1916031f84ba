/// What a model's file says of it beside its tensors.
public struct ModelMetadata: Hashable, Sendable {
  public var configuration: Configuration
  /// The hash of the dataset that it learned from, as the dataset has it; empty where there was none.
  public var dataHash: String
  /// Optimiser steps that it has learned for.
  public var step: Int
  /// Figures by name, such as `valid.natsPerToken`. Those that are not finite are not written.
  public var metrics: [String: Double]
  /// What the training state beside the model must hold too; nil for a model without one.
  public internal(set) var pair: String?

  public init(
    configuration: Configuration, dataHash: String = "", step: Int = 0, metrics: [String: Double] = [:]
  ) {
    self.configuration = configuration
    self.dataHash = dataHash
    self.step = step
    self.metrics = metrics
  }
}
