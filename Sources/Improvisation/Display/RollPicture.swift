package import MusicCore

/// A piano roll as lines of text: a column for each key of a piano, time running upward, and a line for the present.
/// Below the line is what was played, above it what is planned.
package struct RollPicture: Sendable {
  /// The number of columns; if there are fewer columns than keys, neighboring keys share one.
  package let width: Int
  /// Whether players are distinguished by colors, and not only by characters.
  package let hasColors: Bool
  /// Whether characters outside ASCII can be shown.
  package let hasSigns: Bool

  package static let rowsAhead = 5
  package static let rowsBehind = 9
  package static let height = rowsAhead + rowsBehind + 1
  /// The height of a row in ticks: a fifth of a second.
  static let row = Int64(SessionTime.ticksPerSecond / 5)
  /// The keys of a piano, A0 to C8.
  private static let keys = 21...108

  package init(width: Int, hasColors: Bool, hasSigns: Bool) {
    self.width = min(width, Self.keys.count)
    (self.hasColors, self.hasSigns) = (hasColors, hasSigns)
  }

  private enum Cell: Hashable {
    case nothing, line, octave
    case note(Player, isStart: Bool, isPlanned: Bool)
  }

  /// The rows, from the top one.
  package func rows(_ content: RollContent, at time: Tick) -> [String] {
    let now = time.rawValue / Self.row
    var rows = [[Cell]](repeating: [Cell](repeating: .nothing, count: width), count: Self.height)
    for pitch in Self.keys { rows[Self.rowsAhead][column(pitch)] = .line }
    for pitch in Self.keys where pitch % 12 == 0 { rows[Self.rowsAhead][column(pitch)] = .octave }
    for (notes, isPlanned) in [(content.planned, true), (content.played, false)] {
      for note in notes { draw(note, isPlanned, now, into: &rows) }
    }
    return rows.map(text)
  }

  private func column(_ pitch: Int) -> Int { (pitch - Self.keys.lowerBound) * width / Self.keys.count }

  private func draw(_ note: RollContent.Note, _ isPlanned: Bool, _ now: Int64, into rows: inout [[Cell]]) {
    let pitch = Int(note.pitch.rawValue)
    guard Self.keys.contains(pitch) else { return }
    let first = note.onset.rawValue / Self.row
    let last = max(first, note.end.map { ($0.rawValue - 1) / Self.row } ?? (isPlanned ? first : now))
    let (low, high) = (max(first, now - Int64(Self.rowsBehind)), min(last, now + Int64(Self.rowsAhead)))
    guard low <= high else { return }
    for time in low...high {
      let index = Self.rowsAhead - Int(time - now)
      let cell = Cell.note(note.player, isStart: time == first, isPlanned: isPlanned && time >= now)
      // An onset stays visible where another note continues.
      if case .note(_, isStart: true, isPlanned: false) = rows[index][column(pitch)], time != first { continue }
      rows[index][column(pitch)] = cell
    }
  }

  private func text(_ cells: [Cell]) -> String {
    var (text, style, blanks) = ("", "", 0)
    for cell in cells {
      guard cell != .nothing else {
        blanks += 1
        continue
      }
      text += String(repeating: " ", count: blanks)
      blanks = 0
      let wanted = hasColors ? Self.style(of: cell) : ""
      if wanted != style {
        text += wanted.isEmpty ? "\u{1B}[m" : "\u{1B}[0;\(wanted)m"
        style = wanted
      }
      text += sign(of: cell)
    }
    return style.isEmpty ? text : text + "\u{1B}[m"
  }

  /// Cyan for the human, yellow for the machine, dim for planned notes (ECMA-48, Select Graphic Rendition).
  private static func style(of cell: Cell) -> String {
    switch cell {
    case .nothing: ""
    case .line, .octave: "2"
    case .note(.human, _, _): "36"
    case .note(.machine, _, isPlanned: true): "2;33"
    case .note(.machine, _, isPlanned: false): "33"
    }
  }

  private func sign(of cell: Cell) -> String {
    switch cell {
    case .nothing: " "
    case .line: hasSigns ? "─" : "-"
    case .octave: hasSigns ? "┴" : "+"
    case .note(let player, isStart: true, _): hasColors && hasSigns ? "●" : player == .human ? "o" : "x"
    case .note(let player, isStart: false, _): hasColors && hasSigns ? "│" : player == .human ? "|" : ":"
    }
  }
}
