/// A critic's realism score of a window of a piece.
package struct RealismWindow: Encodable, Sendable {
  package var startSeconds: Double
  package var endSeconds: Double
  /// `local`, `phrase` or `global`.
  package var scale: String
  /// The probability that the music is real, 0…1.
  package var realism: Double
  /// The groups of features that lower the score of an outlier, the most important first.
  package var reasons: [String]

  package init(startSeconds: Double, endSeconds: Double, scale: String, realism: Double, reasons: [String]) {
    self.startSeconds = startSeconds
    self.endSeconds = endSeconds
    self.scale = scale
    self.realism = realism
    self.reasons = reasons
  }
}
