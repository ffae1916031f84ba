internal import MusicAnalysis
internal import MusicCore

/// The measures of an excerpt: its coherence, and the features that the judge classifies by.
public struct ExcerptAnalysis: Hashable, Sendable {
  /// The index of the piece that the excerpt comes from.
  public var piece: Int
  /// The measures of coherence.
  public var coherence: Coherence
  /// The values of the features, in the order of `JudgeFeature.allCases`.
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
  /// The analyses grouped by piece, in order of the piece index.
  var byPiece: [[ExcerptAnalysis]] {
    Dictionary(grouping: self, by: \.piece).sorted { $0.key < $1.key }.map(\.value)
  }
}
