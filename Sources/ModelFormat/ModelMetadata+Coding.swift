/// The metadata of a safetensors file that makes it a model of this program.
extension ModelMetadata: WeightMetadata {
  static let kind = "model"
  static let format = "aurl-model"
  static let version = "3"

  var ownText: [MetadataKey: String] { pair.map { [.pair: $0] } ?? [:] }

  /// Reads the metadata of a file, and checks that this program can use the model.
  init(text: [String: String]) throws(Flaw) {
    let reader = try MetadataReader(text, of: Self.self)
    let step = try reader.step()
    self.init(
      configuration: try reader.configuration(), dataHash: try reader.value(.data), step: step,
      metrics: try reader.metrics())
    pair = reader[.pair]
  }
}
