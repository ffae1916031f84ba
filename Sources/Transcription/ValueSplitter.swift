internal import MusicCore
internal import MusicXML

/// Splits the lengths of notes and rests into printable note values, so that beats remain visible.
struct ValueSplitter {
  /// A stretch with its note value, in units from the start of the measure.
  struct Piece {
    var start: Int
    var length: Int
    var value: NoteValue
  }

  private let measure: NotationGrid.Measure
  private let cells: ArraySlice<CellGrid.Cell>
  /// The spacing of metrical levels, from strong to weak: bars, half bars, beats, and their parts.
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

  /// The pieces of a stretch, in units from the start of the measure.
  func pieces(_ start: Int, _ end: Int, isRest: Bool) -> [Piece] {
    // A stretch that begins or ends inside a tuplet is split at the ends of the tuplet.
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

  /// The tuplet cell that a stretch is a part of; nil if there is none, or the stretch fills it.
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
    // The note value of one part, by the normal number of parts in the same time.
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

  /// The metrical level of a position: 0 for the start of the bar; the number of levels if it is on none.
  private func level(of place: Int) -> Int { levels.firstIndex { place.isMultiple(of: $0) } ?? levels.count }

  private func plainPieces(_ start: Int, _ end: Int, isRest: Bool) -> [Piece] {
    guard start < end else { return [] }
    guard let strongest = strongestPlace(start, end) else { return smallestPieces(start, end) }
    if let value = NoteValue(units: end - start), value.dots < 2 {
      let (first, last, inside) = (level(of: start), level(of: end), level(of: strongest))
      let isAligned = first <= inside || last <= inside && !isRest && value.dots == 1
      // A note between two beats, such as the quarter note in eighth, quarter, eighth.
      let isSyncopation =
        !isRest && inside >= (levels.count > 2 && levels[1] * 2 == levels[0] ? 2 : 1) && first == inside + 1
        && last <= first
        && end - start <= 2 * levels[min(levels.count - 1, first)]
      if isAligned || isSyncopation { return [Piece(start: start, length: end - start, value: value)] }
    }
    return plainPieces(start, strongest, isRest: isRest) + plainPieces(strongest, end, isRest: isRest)
  }

  /// The strongest position inside a stretch, the first of several; nil if none is on any level.
  private func strongestPlace(_ start: Int, _ end: Int) -> Int? {
    for size in levels {
      let place = (start / size + 1) * size
      if place < end { return place }
    }
    return nil
  }

  /// The note values of a stretch without a metrical position inside, the longest first.
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
