extension String {
  /// The text padded with spaces on the right to a width in characters.
  package func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

  /// The text padded with spaces on the left to a width in characters.
  package func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}

/// Formats rows of cells as lines with left-aligned columns, two spaces apart.
package func columns(_ rows: [[String]]) -> [String] {
  let count = rows.map(\.count).max() ?? 0
  let widths = (0..<count).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
  return rows.map { row in
    zip(row, widths).dropLast().map { $0.padded(to: $1) + "  " }.joined() + (row.last ?? "")
  }
}
