public import MusicCore

extension ChordChart {
  /// The chords, keys and places in the bar that a score is found to have; empty if it has too few notes. Drums are
  /// ignored.
  ///
  /// - Complexity: O(n log n) in notes.
  public init(_ score: Score) {
    let notes = score.playedNotes()
    guard let grid = MetricalGrid(score, notes: notes) else {
      self.init([])
      return
    }
    self.init(HarmonyAnalysis(score, grid), grid)
  }

  /// The chart of an analysis. Chords that are shorter than a quarter of a beat are left out.
  init(_ harmony: HarmonyAnalysis, _ grid: MetricalGrid) {
    let bars = Bars(grid)
    let spans = harmony.chords.map { (span: $0, halfBeat: Int((2 * grid.position(of: $0.start)).rounded())) }
    var entries: [Entry] = []
    var keys = harmony.localKeys[...]
    for (index, (span, halfBeat)) in spans.enumerated() {
      // A key begins on a beat, its first chord perhaps with a note just before.
      let middle = Seconds((span.start.rawValue + span.end.rawValue) / 2)
      while let next = keys.dropFirst().first, next.start <= middle { keys = keys.dropFirst() }
      let end = Int((2 * grid.position(of: span.end)).rounded())
      let next = index + 1 < spans.count ? spans[index + 1].halfBeat : end
      let (start, stop) = (max(.zero, TokenTime(span.start)), TokenTime(span.end))
      guard next > halfBeat, stop > start, let key = keys.first?.name.key ?? harmony.key?.name else { continue }
      let place = bars.place(ofHalfBeat: halfBeat)
      entries.append(
        Entry(
          start: start, end: stop,
          chord: Chord(root: span.root.pitchClass, quality: span.quality, inversion: span.inversion), key: key,
          place: place.halfBeat, halfBeats: next - halfBeat, beatsPerBar: place.beats))
    }
    self.init(entries)
  }

  /// The bars of a grid, continued beyond its ends.
  private struct Bars {
    let downbeats: [Int]
    let beats: Int

    init(_ grid: MetricalGrid) {
      beats = max(1, grid.meter.beatsPerBar)
      // An upbeat that is written as a bar of its own.
      let hasUpbeat = grid.downbeats.count > 1 && grid.downbeats[1] - grid.downbeats[0] < beats
      downbeats = Array(hasUpbeat ? grid.downbeats.dropFirst() : grid.downbeats[...])
    }

    /// The place in its bar of a half beat of the grid, and the beats of that bar.
    func place(ofHalfBeat halfBeat: Int) -> (halfBeat: Int, beats: Int) {
      guard let first = downbeats.first else { return (((halfBeat % (2 * beats)) + 2 * beats) % (2 * beats), beats) }
      let next = downbeats.partitioningIndex { 2 * $0 > halfBeat }
      guard next > 0 else { return (2 * beats - 1 - (2 * first - halfBeat - 1) % (2 * beats), beats) }
      let start = downbeats[next - 1]
      guard next < downbeats.count else { return ((halfBeat - 2 * start) % (2 * beats), beats) }
      return (halfBeat - 2 * start, downbeats[next] - start)
    }
  }
}
