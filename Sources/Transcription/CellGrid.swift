internal import MusicCore

/// The quantization grid of a score: each cell, a quarter note or in compound meters an eighth, is divided into equal
/// parts.
struct CellGrid {
  /// A cell.
  struct Cell {
    var start: Int
    var length: Int
    /// The number of parts.
    var division = 1

    var end: Int { start + length }
    /// Whether the parts make a tuplet.
    var isTuplet: Bool { division & (division - 1) != 0 }
    var part: Int { length / division }
  }

  private(set) var cells: [Cell]

  /// The divisions used in notation, the simplest first, with the cost of each in addition to its timing errors if time
  /// is not exact.
  private static let plain: [(division: Int, cost: Double)] = [
    (1, 0), (2, 0.002), (4, 0.006), (3, 0.012), (6, 0.03), (8, 0.045), (12, 0.06),
  ]
  private static let all = [1, 2, 4, 3, 8, 6, 16, 12, 5, 7, 9, 10]

  /// Chooses the cells that fit a score's onsets.
  ///
  /// - Parameters:
  ///   - places: the positions of the onsets in units, rising.
  ///   - isExact: whether onsets are exactly at notated positions.
  init(_ measures: [NotationGrid.Measure], places: [Double], isExact: Bool) {
    cells = measures.flatMap { measure in
      let length = measure.meter.denominator >= 16 ? 5040 : measure.meter.denominator == 8 ? 10_080 : 20_160
      return stride(from: measure.start, to: measure.end, by: length).map {
        Cell(start: $0, length: min(length, measure.end - $0))
      }
    }
    var next = 0
    for index in cells.indices {
      let cell = cells[index]
      // An onset close to the end of a cell may belong to the start of the next.
      while next < places.count, places[next] < Double(cell.start) - 0.02 * Double(cell.length) { next += 1 }
      var last = next
      while last < places.count, places[last] < Double(cell.end) { last += 1 }
      let offsets = places[next..<last].map { ($0 - Double(cell.start)) / Double(cell.length) }
      cells[index].division = isExact ? Self.exactDivision(offsets) : Self.nearestDivision(offsets)
      // A cell cut off by a short measure is divided only into whole units.
      if cell.length % cells[index].division != 0 { cells[index].division = 1 }
    }
  }

  /// The simplest division that has a part at each position; if there is none, the one with the least error.
  private static func exactDivision(_ offsets: [Double]) -> Int {
    func error(_ division: Int) -> Double {
      offsets.lazy.map { abs($0 * Double(division) - ($0 * Double(division)).rounded()) / Double(division) }.max() ?? 0
    }
    return all.first { error($0) < 0.006 } ?? all.prefix(8).min { error($0) < error($1) } ?? 1
  }

  private static func nearestDivision(_ offsets: [Double]) -> Int {
    func cost(_ division: Int, _ penalty: Double) -> Double {
      let errors = offsets.map { offset -> Double in
        let error = (offset * Double(division) - (offset * Double(division)).rounded()) / Double(division)
        return error * error
      }
      // Distinct onsets must not be merged.
      let steps = offsets.map { Int(($0 * Double(division)).rounded()) }
      let merged = zip(zip(offsets, offsets.dropFirst()), zip(steps, steps.dropFirst())).count {
        $0.1 - $0.0 > 0.1 && $1.0 == $1.1
      }
      return errors.reduce(0, +) / Double(max(1, errors.count)) + penalty + 0.02 * Double(merged)
    }
    return plain.min { cost($0.division, $0.cost) < cost($1.division, $1.cost) }?.division ?? 1
  }

  /// Refines cells so that the ends of notes are on the grid, if notation has such a division.
  mutating func refine(for ends: [Int]) {
    for end in ends {
      let index = index(at: end)
      guard end > cells[index].start, end < cells[index].end, let fineness = fineness(of: Double(end)) else { continue }
      var (a, b) = (cells[index].division, fineness)
      while b != 0 { (a, b) = (b, a % b) }
      let division = cells[index].division / a * fineness
      if Self.all.contains(division), cells[index].length.isMultiple(of: division) { cells[index].division = division }
    }
  }

  /// The grid position nearest to an end, after `start`.
  func snapped(_ end: Int, after start: Int) -> Int {
    let cell = cells[index(at: end)]
    let (offset, part) = (end - cell.start, cell.part)
    let down = cell.start + offset / part * part
    let near = 2 * (end - down) < part ? down : down + part
    return near > start ? near : near + part
  }

  /// Whether a position is on a simpler division than another.
  func isCoarser(_ place: Int, than other: Int) -> Bool {
    (fineness(of: Double(place)) ?? .max) < (fineness(of: Double(other)) ?? .max)
  }

  /// The index of the cell that contains a position.
  func index(at place: Int) -> Int { max(0, min(cells.count - 1, cells.partitioningIndex { $0.start > place } - 1)) }

  /// The nearest position on the grid of its cell.
  func nearest(_ place: Double) -> Int {
    let cell = cells[index(at: Int(place.rounded(.down)))]
    let step = ((place - Double(cell.start)) / Double(cell.part)).rounded()
    return cell.start + max(0, Int(step)) * cell.part
  }

  /// The smallest division of the cell that has a part at a position: 1 for its start; nil if no notated division has
  /// one.
  func fineness(of place: Double) -> Int? {
    let cell = cells[index(at: Int((place + 1).rounded(.down)))]
    let offset = (place - Double(cell.start)) / Double(cell.length)
    return Self.all.first { abs(offset * Double($0) - (offset * Double($0)).rounded()) / Double($0) < 0.006 }
  }
}
