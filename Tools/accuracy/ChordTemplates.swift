internal import MusicAnalysis
internal import MusicCore

/// The baseline for chords: the template, of ten qualities on twelve roots, with the highest cosine similarity to the
/// sounding pitch classes.
enum ChordTemplates {
  private static let qualities = ChordQuality.allCases.prefix(10)

  /// The best template and the lowest note of a range of ticks, or nil if it is silent.
  static func best(
    _ score: Score, from start: Int64, to end: Int64
  ) -> (root: PitchClass, quality: ChordQuality, bass: PitchClass)? {
    var weights = Array(repeating: 0.0, count: 12)
    var lowest = 128
    let drums = score.drums
    for (index, track) in score.tracks.enumerated() {
      for note in track.notes where !drums.contains(note, track: index) {
        if note.onset.rawValue >= end { break }
        let overlap = min(end, note.end.rawValue) - max(start, note.onset.rawValue)
        guard overlap > 0 else { continue }
        weights[note.pitch.pitchClass.rawValue] += Double(overlap)
        lowest = min(lowest, Int(note.pitch.rawValue))
      }
    }
    guard lowest < 128 else { return nil }
    var best = (score: -1.0, root: 0, quality: ChordQuality.maj)
    for quality in qualities {
      for root in 0..<12 {
        let sum = quality.intervals.reduce(0) { $0 + weights[(root + $1) % 12] }
        let score = sum / Double(quality.intervals.count).squareRoot()
        if score > best.score { best = (score, root, quality) }
      }
    }
    return (PitchClass(semitones: best.root), best.quality, PitchClass(semitones: lowest))
  }
}
