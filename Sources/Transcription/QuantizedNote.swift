internal import MusicCore

/// A note at notated positions.
struct QuantizedNote {
  var start: Int
  var end: Int
  var pitch: Pitch
  var velocity: Velocity
  /// Whether it sounds for only half of its length.
  var isStaccato = false
}

/// Quantizes the notes of a staff or part to a grid.
struct Quantizer {
  private let grid: CellGrid
  private let isExact: Bool
  /// Whether the player shortens notes in general, so that a note of half the time to the next one is meant as
  /// staccato.
  private let isShortened: Bool

  /// - Parameter notes: all notes, from which the player's articulation is estimated.
  init(_ grid: CellGrid, isExact: Bool, notes: [Played]) {
    (self.grid, self.isExact) = (grid, isExact)
    guard isExact else {
      isShortened = false
      return
    }
    let shortened = notes.count { note in
      Self.writtenEnd(of: note, grid).map { abs(note.end - Double($0)) > 0.01 * (note.end - note.start) } ?? false
    }
    isShortened = 10 * shortened > 3 * notes.count
  }

  /// A note at its unrounded positions, and whether the pedal is down when its key is released.
  struct Played {
    var start: Double
    var end: Double
    var pitch: Pitch
    var velocity: Velocity
    var isPedaled = false
  }

  /// The probable notated ends of the notes that are inside beats.
  func writtenEnds(_ notes: [Played]) -> [Int] {
    isExact ? notes.compactMap { Self.writtenEnd(of: $0, grid) } : []
  }

  /// The notes of a staff, by rising start; of two at the same position and pitch the longer is kept. O(n log n).
  func quantized(_ notes: [Played]) -> [QuantizedNote] {
    let groups = Dictionary(grouping: notes) { grid.nearest($0.start) }.sorted { $0.key < $1.key }
    var quantized: [QuantizedNote] = []
    for (index, (start, group)) in groups.enumerated() {
      let next = index + 1 < groups.count ? groups[index + 1].key : nil
      let lengths =
        isExact
        ? group.map { length(of: $0, from: start, next: next) }
        : PerformedLengths(grid, start: start, next: next).lengths(of: group)
      quantized += zip(group, lengths).map { note, length in
        QuantizedNote(
          start: start, end: length.end, pitch: note.pitch, velocity: note.velocity, isStaccato: length.isStaccato)
      }
    }
    quantized.sort { ($0.start, $0.pitch, $1.end) < ($1.start, $1.pitch, $0.end) }
    var kept: [QuantizedNote] = []
    var sounding: [Pitch: Int] = [:]
    for note in quantized {
      if let last = sounding[note.pitch] {
        // In a score two voices may share a pitch; in a performance a key that is struck again must have been released.
        if kept[last].start == note.start, !isExact || kept[last].end == note.end { continue }
        if !isExact { kept[last].end = min(kept[last].end, note.start) }
      }
      sounding[note.pitch] = kept.count
      kept.append(note)
    }
    return kept
  }

  /// The notated length of a note of a score that starts at a position and is followed by another note.
  private func length(of note: Played, from start: Int, next: Int?) -> NotatedLength {
    let end = end(of: note, from: start, next: next)
    let double = start + 2 * (end - start)
    let isHalf = abs(note.end - Double(end)) < 0.01 * Double(end - start)
    guard isShortened, isHalf, double == next, grid.isCoarser(double, than: end) else {
      return NotatedLength(end: end)
    }
    return NotatedLength(end: double, isStaccato: true)
  }

  private func end(of note: Played, from start: Int, next: Int?) -> Int {
    if let end = Self.writtenEnd(of: note, grid), end > start { return grid.snapped(end, after: start) }
    // A note that lasts nearly until the next one is notated as lasting until it.
    if let next {
      let gap = Double(next) - note.end
      if gap > 0, gap < 0.2 * Double(next - start) { return next }
    }
    return max(start + grid.cells[grid.index(at: start)].part, grid.nearest(note.end))
  }

  /// The notated end of a note that was shortened in playing: not at all, by an eighth of its length (at most a 32nd),
  /// or by a twentieth or a tenth, as notation programs do. The simplest of the possible lengths is chosen; nil if
  /// there is none.
  private static func writtenEnd(of note: Played, _ grid: CellGrid) -> Int? {
    let length = note.end - note.start
    let eighth = Double(NotationGrid.quarter) / 8
    let candidates = [
      length, length / 0.875 <= 8 * eighth ? length / 0.875 : length + eighth, length / 0.95, length / 0.9,
    ]
    let ends = candidates.compactMap { candidate in
      grid.fineness(of: note.start + candidate).map { (fineness: $0, end: note.start + candidate) }
    }
    // Shortening a note hardly ever results in another simple length, so the simplest candidate is the notated one.
    return ends.min { $0.fineness < $1.fineness }.map { Int($0.end.rounded()) }
  }
}
