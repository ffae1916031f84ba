internal import MusicCore

/// A note at the places of notation.
struct QuantizedNote {
  var start: Int
  var end: Int
  var pitch: Pitch
  var velocity: Velocity
  /// Whether it sounds for half of its length only.
  var isStaccato = false
}

/// Puts the notes of a staff, or of a part, at the places of a grid.
struct Quantizer {
  private let grid: CellGrid
  private let isExact: Bool
  /// Whether the player shortens notes, so that one of half the time to the next is meant to be staccato.
  private let isShortened: Bool

  /// - Parameter notes: all notes, which say how the player shortens them.
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

  /// A note at its unrounded places.
  typealias Played = (start: Double, end: Double, pitch: Pitch, velocity: Velocity)

  /// The ends inside beats that written notes have.
  func writtenEnds(_ notes: [Played]) -> [Int] {
    isExact ? notes.compactMap { Self.writtenEnd(of: $0, grid) } : []
  }

  /// The notes of a staff, by rising start; of two that come to the same place and pitch the longer stays. O(n log n).
  func quantized(_ notes: [Played]) -> [QuantizedNote] {
    let starts = notes.map { grid.nearest($0.start) }
    let distinct = Array(Set(starts)).sorted()
    var quantized = zip(notes, starts).map { note, start in
      let next = distinct.partitioningIndex { $0 > start }
      let following = next < distinct.count ? distinct[next] : nil
      let end = end(of: note, from: start, next: following)
      var quantized = QuantizedNote(start: start, end: end, pitch: note.pitch, velocity: note.velocity)
      let double = start + 2 * (end - start)
      let isHalf = abs(note.end - Double(end)) < 0.01 * Double(end - start)
      if isShortened, isHalf, double == following, grid.isCoarser(double, than: end) {
        (quantized.end, quantized.isStaccato) = (double, true)
      }
      return quantized
    }
    quantized.sort { ($0.start, $0.pitch, $1.end) < ($1.start, $1.pitch, $0.end) }
    var kept: [QuantizedNote] = []
    var sounding: [Pitch: Int] = [:]
    for note in quantized {
      if let last = sounding[note.pitch] {
        // Two voices may have one pitch in a score; of a performance a key that is struck again has been let go.
        if kept[last].start == note.start, !isExact || kept[last].end == note.end { continue }
        if !isExact { kept[last].end = min(kept[last].end, note.start) }
      }
      sounding[note.pitch] = kept.count
      kept.append(note)
    }
    return kept
  }

  /// Where a note ends that starts at a place and is followed by another.
  private func end(of note: Played, from start: Int, next: Int?) -> Int {
    let shortest = grid.cells[grid.index(at: start)].part
    if isExact, let end = Self.writtenEnd(of: note, grid), end > start { return grid.snapped(end, after: start) }
    let length = note.end - note.start
    if let next {
      let gap = Double(next) - note.end
      let distance = Double(next - start)
      // What is nearly as long as the time to the next note is so: hands are lifted before, or after.
      let isNear = isExact ? gap > 0 && gap < 0.2 * distance : abs(gap) < 0.4 * distance
      if isNear { return next }
      if gap < 0, !isExact, -gap < 0.25 * length { return next }
    }
    return max(start + shortest, grid.nearest(note.end))
  }

  /// The end of a note that somebody wrote, and a player shortened a little: by nothing, by an eighth but a 32nd at most, or
  /// by a twentieth or a tenth as programs do. Of the lengths that may be meant the plainest counts; nil where none is.
  private static func writtenEnd(of note: Played, _ grid: CellGrid) -> Int? {
    let length = note.end - note.start
    let eighth = Double(NotationGrid.quarter) / 8
    let candidates = [
      length, length / 0.875 <= 8 * eighth ? length / 0.875 : length + eighth, length / 0.95, length / 0.9,
    ]
    let ends = candidates.compactMap { candidate in
      grid.fineness(of: note.start + candidate).map { (fineness: $0, end: note.start + candidate) }
    }
    // A player that shortens at all leaves no length that is plain, except by chance.
    return ends.min { $0.fineness < $1.fineness }.map { Int($0.end.rounded()) }
  }
}
