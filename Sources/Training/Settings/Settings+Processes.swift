package import Tensors

extension Settings {
  /// The settings of process 0, which all processes use, overridden by those specific to this machine.
  ///
  /// - Throws: `TensorError` if the connection to the others is lost, `SettingsError` if an override is invalid.
  package func shared(in processes: ProcessGroup, own: [Assignment]) throws -> Settings {
    let text = try processes.share(Array(yaml().utf8))
    guard processes.rank > 0 else { return self }
    return try Settings(Assignment.all(yaml: String(decoding: text, as: UTF8.self), file: "process 0") + own)
  }
}
