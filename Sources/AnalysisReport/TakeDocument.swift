package import Alignment

/// The comparison of a take with its reference, and the names of both files: the JSON of schema `aurl-take/1`.
package struct TakeDocument: Sendable, Encodable {
  package static let schema = "aurl-take/1"

  package var file: String
  package var reference: String
  package var measures: TakeMeasures

  package init(file: String, reference: String, measures: TakeMeasures) {
    self.file = file
    self.reference = reference
    self.measures = measures
  }

  private enum CodingKeys: CodingKey {
    case schema, file, reference, isDoubtful
  }

  /// Encodes `schema`, the names of the files and the measures in one object.
  package func encode(to encoder: any Encoder) throws {
    try measures.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.schema, forKey: .schema)
    try container.encode(file, forKey: .file)
    try container.encode(reference, forKey: .reference)
    try container.encode(measures.isDoubtful, forKey: .isDoubtful)
  }
}
