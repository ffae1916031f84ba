/// A matrix quantized to 8-bit integers with a scale for each row: symmetric, with the largest magnitude of a row at
/// 127.
package struct QuantizedRows {
  package private(set) var values: [Int8] = []
  package private(set) var scales: [Float] = []

  /// Quantizes finite numbers, rounding to nearest. O(n).
  package init(_ numbers: [Float], rows: Int) {
    let columns = numbers.count / rows
    values.reserveCapacity(numbers.count)
    for row in 0..<rows {
      let row = numbers[row * columns..<(row + 1) * columns]
      let scale = row.reduce(0) { max($0, $1.magnitude) } / 127
      scales.append(scale)
      // A row of zeros, or of numbers so small that the scale underflows.
      guard scale > 0 else {
        values += repeatElement(0, count: columns)
        continue
      }
      for number in row { values.append(Int8(max(-127, min(127, (number / scale).rounded(.toNearestOrEven))))) }
    }
  }
}

extension Float {
  /// The bit pattern of the nearest half-precision number (IEEE 754 binary16), ties to even; too large numbers become
  /// infinite.
  package var halfBits: UInt16 { Float16(self).bitPattern }
}
