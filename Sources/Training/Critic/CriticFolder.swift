/// The folder of a run that trains a critic.
package struct CriticFolder: Hashable, Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  /// The calibrated critic for use by `Inference`.
  package var critic: String { path + "/critic.safetensors" }
  /// The training state.
  package var state: String { path + "/critic.state.safetensors" }
  package var settings: String { path + "/settings.yaml" }
  package var metrics: String { path + "/metrics.jsonl" }
}
