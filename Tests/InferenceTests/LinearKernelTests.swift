import CKernels
import TestSupport
import Testing

@Suite struct LinearKernelTests {
  struct Shape: Sendable, CustomStringConvertible {
    var rows: Int
    var columns: Int
    var count: Int
    var description: String { "\(rows) × \(columns) by \(count)" }
  }

  static let shapes = [
    Shape(rows: 1, columns: 1, count: 1), Shape(rows: 63, columns: 2, count: 3), Shape(rows: 64, columns: 7, count: 13),
    Shape(rows: 65, columns: 16, count: 5), Shape(rows: 130, columns: 33, count: 30),
    Shape(rows: 776, columns: 64, count: 1), Shape(rows: 100, columns: 257, count: 12),
    Shape(rows: 15, columns: 112, count: 25),
  ]

  static func multiply(
    _ kernels: KernelTable, _ matrix: AurlMatrix, _ x: [Float], stride: Int, count: Int, onto y: [Float]?, yStride: Int
  ) -> [Float] {
    let guardValue: Float = 12345
    var result = y ?? Array(repeating: .nan, count: count * yStride)
    for row in 0..<count {
      for index in Int(matrix.rows)..<yStride { result[row * yStride + index] = guardValue }
    }
    let scratch = UnsafeMutableRawPointer.allocate(
      byteCount: aurl_linear_scratch(Int(matrix.columns), count), alignment: 4)
    defer { scratch.deallocate() }
    withUnsafePointer(to: matrix) { matrix in
      kernels.table.linear(matrix, x, stride, &result, yStride, count, y != nil, scratch)
    }
    for row in 0..<count {
      for index in Int(matrix.rows)..<yStride { #expect(result[row * yStride + index] == guardValue) }
    }
    return result
  }

  @Test(arguments: KernelTable.all, shapes)
  func product(kernels: KernelTable, shape: Shape) {
    var generator = SeededGenerator(seed: 1)
    for element in [AurlFloat32, AurlFloat16, AurlInt8] {
      let matrix = TestMatrix(element, rows: shape.rows, columns: shape.columns, using: &generator)
      let stride = shape.columns + 3
      let yStride = shape.rows + 5
      let x = generator.floats(shape.count * stride, in: -3...3)
      for accumulates in [false, true] {
        let start = accumulates ? generator.floats(shape.count * yStride) : nil
        let y = Self.multiply(
          kernels, matrix.matrix, x, stride: stride, count: shape.count, onto: start, yStride: yStride)
        for t in 0..<shape.count {
          let row = x[t * stride..<t * stride + shape.columns]
          for r in 0..<shape.rows {
            let (sum, magnitude) = matrix.product(row, row: r)
            let expected = sum + Double(start?[t * yStride + r] ?? 0)
            // With int8 weights, activations have at least 13 bits.
            let tolerance =
              element == AurlInt8 ? 0.6 * 127 / 5000.0 * 3 * Double(shape.columns) / 500 : magnitude * 1e-5
            let error = abs(Double(y[t * yStride + r]) - expected)
            #expect(error <= tolerance + 1e-5, "element \(element.rawValue) row \(r) of \(t)")
          }
        }
      }
    }
  }

  /// The result of a row of x has the same bits whatever the number of rows.
  @Test(arguments: KernelTable.all)
  func bitsDoNotDependOnTheCount(kernels: KernelTable) {
    var generator = SeededGenerator(seed: 2)
    for element in [AurlFloat32, AurlFloat16, AurlInt8] {
      let matrix = TestMatrix(element, rows: 150, columns: 97, using: &generator)
      let x = generator.floats(31 * 97)
      let together = Self.multiply(kernels, matrix.matrix, x, stride: 97, count: 31, onto: nil, yStride: 150)
      for t in 0..<31 {
        let alone = Self.multiply(
          kernels, matrix.matrix, Array(x[t * 97..<(t + 1) * 97]), stride: 97, count: 1, onto: nil, yStride: 150)
        #expect(alone.elementsEqual(together[t * 150..<(t + 1) * 150]))
      }
    }
  }

  /// With the largest int8 weights no sum overflows.
  @Test(arguments: KernelTable.all, [127, -128] as [Int8])
  func largestIntegersDoNotOverflow(kernels: KernelTable, weight: Int8) {
    let columns = 4096
    let bytes = [Int8](repeating: weight, count: columns)
    let scale: [Float] = [1]
    let panels = UnsafeMutableRawPointer.allocate(byteCount: aurl_panel_bytes(AurlInt8, 1, columns), alignment: 64)
    defer { panels.deallocate() }
    aurl_pack(AurlInt8, bytes, 1, columns, panels)
    let y = scale.withUnsafeBufferPointer { scales in
      let matrix = AurlMatrix(
        element: AurlInt8, rows: 1, columns: Int32(columns), panels: panels, scales: scales.baseAddress)
      return Self.multiply(
        kernels, matrix, Array(repeating: 2, count: columns), stride: columns, count: 1, onto: nil, yStride: 1)
    }
    #expect(abs(y[0] / (Float(weight) * 2 * 4096) - 1) < 1e-5)
  }

  /// A vector of zeros, for which no quantization scale exists.
  @Test(arguments: KernelTable.all)
  func zerosGiveZeros(kernels: KernelTable) {
    var generator = SeededGenerator(seed: 3)
    let matrix = TestMatrix(AurlInt8, rows: 70, columns: 20, using: &generator)
    let y = Self.multiply(
      kernels, matrix.matrix, Array(repeating: 0, count: 20), stride: 20, count: 1, onto: nil, yStride: 70)
    #expect(y.allSatisfy { $0 == 0 })
  }
}
