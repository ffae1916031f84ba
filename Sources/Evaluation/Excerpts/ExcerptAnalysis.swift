internal import MusicAnalysis
internal import MusicCore

/// What is measured of an excerpt: whether it holds together, and the features that the judge decides by.
public struct ExcerptAnalysis: Hashable, Sendable {
  /// What the excerpt is cut out of.
  public var piece: Int
  public var coherence: Coherence
  /// A number for each of `JudgeFeature.allCases`.
  public var features: [Double]

  package init(piece: Int, coherence: Coherence, features: [Double]) {
    self.piece = piece
    self.coherence = coherence
    self.features = features
  }

  /// Analyzes an excerpt. O(n log² n) in its notes.
  public init(_ excerpt: Excerpt) {
    let analysis = Analysis(excerpt.score, features: [.rhythm, .harmony, .melody, .dynamics, .metrics])
    let chords = excerpt.music.notes.chords.map { Array(excerpt.music.notes[$0]) }
    piece = excerpt.piece
    coherence = Coherence(excerpt.music, chords: chords, analysis: analysis)
    let context = JudgeFeature.Context(music: excerpt.music, chords: chords, analysis: analysis, coherence: coherence)
    features = JudgeFeature.allCases.map { feature in
      let value = context.value(of: feature) ?? JudgeFeature.absent
      return value.isFinite ? value : JudgeFeature.absent
    }
  }
}

extension [ExcerptAnalysis] {
  /// Those of each piece together, by the number of the piece.
  var byPiece: [[ExcerptAnalysis]] {
    Dictionary(grouping: self, by: \.piece).sorted { $0.key < $1.key }.map(\.value)
  }
}
