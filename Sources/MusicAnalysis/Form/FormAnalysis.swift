public import MusicCore

/// The form of a piece: its sections, and the phrases that end in cadences.
public struct FormAnalysis: Hashable, Sendable, Codable {
  /// A section: a passage that contrasts with its surroundings, or that recurs.
  public struct Section: Hashable, Sendable, Codable {
    /// When the section begins.
    public var start: Seconds
    /// When it ends.
    public var end: Seconds
    /// `A`, `B` and so on by first appearance; `A'` is A varied or in another key.
    public var name: String

    enum CodingKeys: String, CodingKey {
      case start = "startSeconds"
      case end = "endSeconds"
      case name
    }
  }

  /// A phrase: it ends where the top line continues after a cadence with a confidence of at least one half.
  public struct Phrase: Hashable, Sendable, Codable {
    /// When the phrase begins.
    public var start: Seconds
    /// When it ends.
    public var end: Seconds
    /// When the last chord of its cadence begins.
    public var cadence: Seconds
    /// The kind of cadence that it ends with.
    public var kind: Cadence.Kind
    /// The key of that cadence.
    public var key: KeyName
    /// The confidence of the cadence, 0…1.
    public var confidence: Double

    enum CodingKeys: String, CodingKey {
      case start = "startSeconds"
      case end = "endSeconds"
      case cadence = "cadenceSeconds"
      case kind, key, confidence
    }
  }

  /// The sections in order, without gaps; none if there are fewer than two bars.
  public var sections: [Section]
  /// The phrases, in order.
  public var phrases: [Phrase]

  /// The form of notes that are sorted by onset, on a metrical grid. O(n).
  init(notes: [PlayedNote], grid: MetricalGrid, harmony: HarmonyAnalysis?) {
    let cadences = (harmony?.cadences ?? []).filter { Confidence.isSure($0.confidence) }
    let end = notes.lazy.map(\.end).max() ?? .zero
    sections = SectionFinder(notes, grid, cadences: cadences).sections
    var start = harmony?.chords.first?.start ?? .zero
    phrases = cadences.map { cadence in
      let close = max(cadence.time, min(end, grid.time(quarters: cadence.evidence.gapQuarters, after: cadence.time)))
      defer { start = close }
      return Phrase(
        start: start, end: close, cadence: cadence.time, kind: cadence.kind, key: cadence.key,
        confidence: cadence.confidence)
    }
  }
}

extension MetricalGrid {
  /// The time a number of quarter notes after another, at the tempo of the beat that contains that.
  func time(quarters: Double, after start: Seconds) -> Seconds {
    guard beatsSeconds.count > 1 else { return start }
    let next = beatsSeconds[1..<beatsSeconds.count - 1].partitioningIndex { $0 > start }
    let length = (beatsSeconds[next] - beatsSeconds[next - 1]).rawValue
    let quartersPerBeat = self.quarters[next] - self.quarters[next - 1]
    return start + Seconds(quarters * length / max(1e-6, quartersPerBeat))
  }
}
