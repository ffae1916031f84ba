internal import MusicCore
internal import MusicXML

/// Cuts the lengths of notes and rests into values that can be printed, so that beats can be seen.
struct ValueSplitter {
  /// A stretch with its printed value, in units from the beginning of the measure.
  struct Piece {
    var start: Int
    var length: Int
    var value: NoteValue
  }

  private let measure: NotationGrid.Measure
  private let cells: ArraySlice<CellGrid.Cell>
  /// The distances of ever weaker places in a measure: bars, halves, beats, and their parts.
  private let levels: [Int]

  init(_ measure: NotationGrid.Measure, _ grid: CellGrid) {
    self.measure = measure
    cells = grid.cells[grid.index(at: measure.start)...grid.index(at: measure.end - 1)]
    levels = Self.levels(of: measure.meter)
  }

  private static func levels(of meter: Meter) -> [Int] {
    let bar = NotationGrid.length(of: meter)
    let beats = max(1, meter.beatsPerBar)
    var levels = [bar]
    if beats.isMultiple(of: 2), beats > 2 { levels.append(bar / 2) }
    var size = bar / beats
    levels.append(size)
    if meter.isCompound { size /= 3 } else { size /= 2 }
    while size >= 315, size > 0 {
      levels.append(size)
      guard size.isMultiple(of: 2) else { break }
      size /= 2
    }
    return levels
  }

  /// The pieces of a stretch, places counted from the beginning of the measure.
  func pieces(_ start: Int, _ end: Int, isRest: Bool) -> [Piece] {
    // A tuplet is whole: what begins or ends inside one is cut at its ends.
    var cuts: Set<Int> = [start, end]
    for cell in cells where cell.isTuplet {
      let (from, to) = (cell.start - measure.start, cell.end - measure.start)
      let cutsInto = [start, end].contains { $0 > from && $0 < to }
      if cutsInto { for cut in [from, to] where cut > start && cut < end { cuts.insert(cut) } }
    }
    let places = cuts.sorted()
    return zip(places, places.dropFirst()).flatMap { from, to in
      tuplet(from, to).map { tupletPieces(from, to, $0) } ?? plainPieces(from, to, isRest: isRest)
    }
  }

  /// The tuplet cell that a stretch is a part of; nil where it is none, or all of it.
  private func tuplet(_ start: Int, _ end: Int) -> CellGrid.Cell? {
    cells.first { cell in
      let (from, to) = (cell.start - measure.start, cell.end - measure.start)
      return cell.isTuplet && start >= from && end <= to && (start, end) != (from, to)
    }
  }

  // MARK: Tuplets

  private func tupletPieces(_ start: Int, _ end: Int, _ cell: CellGrid.Cell) -> [Piece] {
    var normal = 1
    while 2 * normal <= cell.division { normal *= 2 }
    let tuplet = NoteValue.Tuplet(actual: cell.division, normal: normal)
    // The value of one part: as long as a part were there only the normal number of them.
    let base = cell.length / normal
    var pieces: [Piece] = []
    var place = start
    while place < end {
      let left = (end - place) / cell.part
      var count = left
      while count > 1, NoteValue(units: count * base) == nil { count -= 1 }
      guard count > 0, var value = NoteValue(units: count * base) else { break }
      value.tuplet = tuplet
      pieces.append(Piece(start: place, length: count * cell.part, value: value))
      place += count * cell.part
    }
    return pieces
  }

  // MARK: Plain values

  /// How strong a place is: 0 for the beginning of the bar; the number of levels for one that is on none.
  private func level(of place: Int) -> Int { levels.firstIndex { place.isMultiple(of: $0) } ?? levels.count }

  private func plainPieces(_ start: Int, _ end: Int, isRest: Bool) -> [Piece] {
    guard start < end else { return [] }
    guard let strongest = strongestPlace(start, end) else { return smallestPieces(start, end) }
    if let value = NoteValue(units: end - start), value.dots < 2 {
      let (first, last, inside) = (level(of: start), level(of: end), level(of: strongest))
      let isAligned = first <= inside || last <= inside && !isRest && value.dots == 1
      // A note between two beats, such as the quarter in eighth, quarter, eighth.
      let isSyncopation =
        !isRest && inside >= (levels.count > 2 && levels[1] * 2 == levels[0] ? 2 : 1) && first == inside + 1
        && last <= first
        && end - start <= 2 * levels[min(levels.count - 1, first)]
      if isAligned || isSyncopation { return [Piece(start: start, length: end - start, value: value)] }
    }
    return plainPieces(start, strongest, isRest: isRest) + plainPieces(strongest, end, isRest: isRest)
  }

  /// The strongest place inside a stretch, the first of several; nil where none is on any level.
  private func strongestPlace(_ start: Int, _ end: Int) -> Int? {
    for size in levels {
      let place = (start / size + 1) * size
      if place < end { return place }
    }
    return nil
  }

  /// The values of a stretch without a place inside, the longest first.
  private func smallestPieces(_ start: Int, _ end: Int) -> [Piece] {
    var pieces: [Piece] = []
    var place = start
    while place < end {
      var length = 4 * NotationGrid.quarter
      while length > end - place, length > 315 { length /= 2 }
      guard length <= end - place, let value = NoteValue(units: length) else { break }
      pieces.append(Piece(start: place, length: length, value: value))
      place += length
    }
    return pieces
  }
}
