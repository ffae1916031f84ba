package import Tensors

extension Settings {
  /// The settings of process 0, which all take over, with what is of this machine alone on top.
  ///
  /// - Throws: `TensorError` where the others are lost, `SettingsError` where what is on top is none that can be.
  package func shared(in processes: ProcessGroup, own: [Assignment]) throws -> Settings {
    let text = try processes.share(Array(yaml().utf8))
    guard processes.rank > 0 else { return self }
    return try Settings(Assignment.all(yaml: String(decoding: text, as: UTF8.self), file: "process 0") + own)
  }
}
