/// The hyperparameters of a model or a critic, which determine the names and shapes of all its tensors.
public protocol WeightConfiguration: Codable, Hashable, Sendable {
  /// All tensors of an exported file except scales.
  var tensors: [TensorDescription] { get }

  /// Checks that it describes what can be built.
  ///
  /// - Throws: `ConfigurationError` for the first field that is wrong.
  func validate() throws(ConfigurationError)
}

extension Configuration: WeightConfiguration {}
extension CriticConfiguration: WeightConfiguration {}
