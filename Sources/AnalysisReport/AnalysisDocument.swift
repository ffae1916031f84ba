package import MusicAnalysis

/// An analysis and the name of the analyzed file: the JSON of schema `aurl-analysis/1`.
package struct AnalysisDocument: Sendable, Encodable {
  package static let schema = "aurl-analysis/1"

  package var file: String
  package var analysis: Analysis

  package init(file: String, analysis: Analysis) {
    self.file = file
    self.analysis = analysis
  }

  private enum CodingKeys: CodingKey {
    case schema, file
  }

  /// Encodes `schema`, `file` and the fields of the analysis in one object.
  package func encode(to encoder: any Encoder) throws {
    try analysis.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.schema, forKey: .schema)
    try container.encode(file, forKey: .file)
  }
}
