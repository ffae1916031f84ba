/// The notated end of a note.
struct NotatedLength: Hashable {
  var end: Int
  /// Whether it sounds for only half of its length.
  var isStaccato = false
}

/// The notated lengths of notes that start together in a performance, in which keys are released early or late.
///
/// A note whose key is released within a sixteenth of the next onset of the hand lasts until that onset. Otherwise, if
/// its length is within a sixteenth of half the time until the next onset, it is staccato; notes that the pedal sustains
/// only up to an eighth. The length of all other notes is rounded.
struct PerformedLengths {
  private let grid: CellGrid
  private let start: Int
  /// The next onset of the hand.
  private let next: Int?

  init(_ grid: CellGrid, start: Int, next: Int?) {
    (self.grid, self.start, self.next) = (grid, start, next)
  }

  private static let sixteenth = NotationGrid.quarter / 4

  /// The lengths of the notes of a chord. A note has the length of the chord, that of its median end, if it is within a
  /// sixteenth of its own.
  func lengths(of notes: [Quantizer.Played]) -> [NotatedLength] {
    let byEnd = notes.sorted { $0.end < $1.end }
    guard let middle = byEnd.dropFirst(byEnd.count / 2).first else { return [] }
    let common = length(of: middle)
    return notes.map { isClose(common, to: $0) ? common : length(of: $0) }
  }

  private func isClose(_ length: NotatedLength, to note: Quantizer.Played) -> Bool {
    let sounding = length.isStaccato ? (length.end - start) / 2 : length.end - start
    return abs(note.end - Double(start + sounding)) < Double(Self.sixteenth)
  }

  private func length(of note: Quantizer.Played) -> NotatedLength {
    if let next {
      let legato = NotatedLength(end: next)
      let distance = Double(next - start)
      let gap = Double(next) - note.end
      let isSmall = next - start < Self.sixteenth
      if isClose(legato, to: note), isSmall || note.isPedaled || gap < 0.55 * distance { return legato }
      // Keys overlap in legato.
      if gap < 0, -gap < 0.25 * (note.end - note.start) { return legato }
      let staccato = NotatedLength(end: next, isStaccato: true)
      let longest = note.isPedaled ? 2 : 6
      if next - start <= longest * Self.sixteenth, isClose(staccato, to: note) { return staccato }
    }
    return NotatedLength(end: roundedEnd(note.end))
  }

  /// The simplest position near an end: the start of a cell or its middle, otherwise the nearest part.
  private func roundedEnd(_ end: Double) -> Int {
    let cell = grid.cells[grid.index(at: Int(end))]
    var places = [cell.start, cell.end]
    if !cell.isTuplet { places.append(cell.start + cell.length / 2) }
    let close = places.filter { $0 > start && abs(end - Double($0)) < 0.9 * Double(Self.sixteenth) }
    if let place = close.min(by: { abs(end - Double($0)) < abs(end - Double($1)) }) { return place }
    let part = cell.isTuplet ? cell.part : min(cell.part, Self.sixteenth)
    let steps = ((end - Double(cell.start)) / Double(part)).rounded()
    let place = cell.start + Int(steps) * part
    if place > start { return place }
    let first = grid.cells[grid.index(at: start)]
    return start + (first.isTuplet ? first.part : min(first.part, Self.sixteenth))
  }
}
