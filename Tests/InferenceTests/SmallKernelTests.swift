import CKernels
import Foundation
import TestSupport
import Testing

/// The kernels that act on rows, with lengths around every vector width.
@Suite struct SmallKernelTests {
  static let counts = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 257]

  @Test(arguments: KernelTable.all, counts)
  func rmsNorm(kernels: KernelTable, width: Int) {
    var generator = SeededGenerator(seed: 6)
    let x = generator.floats(3 * width, in: -5...5)
    let weight = generator.floats(width)
    var y = [Float](repeating: .nan, count: 3 * width + 1)
    kernels.table.rmsNorm(x, weight, &y, width, 3)
    for t in 0..<3 {
      let row = x[t * width..<(t + 1) * width].map(Double.init)
      let root = (row.reduce(0) { $0 + $1 * $1 } / Double(width) + 1e-5).squareRoot()
      for index in 0..<width {
        #expect(abs(Double(y[t * width + index]) - row[index] / root * Double(weight[index])) < 2e-6)
      }
    }
    #expect(y[3 * width].isNaN)
  }

  @Test(arguments: KernelTable.all, [2, 6, 8, 16, 32, 34, 48])
  func rotate(kernels: KernelTable, headWidth: Int) {
    var generator = SeededGenerator(seed: 7)
    let half = headWidth / 2
    let angles = generator.floats(half, in: -3...3)
    let x = generator.floats(3 * headWidth + 1)
    var y = x
    kernels.table.rotate(&y, angles.map { cos($0) }, angles.map { sin($0) }, 3, headWidth)
    for head in 0..<3 {
      for index in 0..<half {
        let (a, b) = (x[head * headWidth + index], x[head * headWidth + half + index])
        let (c, s) = (cos(angles[index]), sin(angles[index]))
        #expect(abs(y[head * headWidth + index] - (a * c - b * s)) < 1e-6)
        #expect(abs(y[head * headWidth + half + index] - (b * c + a * s)) < 1e-6)
      }
    }
    #expect(y[3 * headWidth] == x[3 * headWidth])
  }

  @Test(arguments: KernelTable.all, counts)
  func gelu(kernels: KernelTable, count: Int) {
    var generator = SeededGenerator(seed: 8)
    var x = generator.floats(count, in: -8...8)
    x[0] = count % 2 == 0 ? 1e4 : -1e4
    var y = x + [77]
    kernels.table.gelu(&y, count)
    for (value, result) in zip(x.map(Double.init), y) {
      let expected = 0.5 * value * (1 + tanh((2 / Double.pi).squareRoot() * (value + 0.044715 * value * value * value)))
      #expect(abs(Double(result) - expected) <= 1e-6 * max(1, abs(value)))
    }
    #expect(y[count] == 77)
  }

  @Test(arguments: KernelTable.all, counts)
  func logSumExp(kernels: KernelTable, count: Int) {
    var generator = SeededGenerator(seed: 9)
    var x = generator.floats(count, in: -30...90)
    if count > 2 { x[1] = -.infinity }
    let shifted = x.map { Double($0) - 90 }
    let logTotal = 90 + log(shifted.reduce(0) { $0 + exp($1) })
    #expect(abs(Double(kernels.table.logSumExp(x, count)) - logTotal) < 1e-5 * 90)
  }

  @Test(arguments: KernelTable.all, counts)
  func add(kernels: KernelTable, count: Int) {
    var generator = SeededGenerator(seed: 10)
    let x = generator.floats(count)
    let start = generator.floats(count + 1)
    var y = start
    kernels.table.add(&y, x, count)
    for index in 0..<count { #expect(y[index] == start[index] + x[index]) }
    #expect(y[count] == start[count])
  }

  /// Every half-precision number, at an odd address.
  @Test(arguments: KernelTable.all)
  func dequantizeHalves(kernels: KernelTable) {
    var bytes: [UInt8] = [0]
    for bits in 0...UInt16.max { withUnsafeBytes(of: bits) { bytes += $0 } }
    var y = [Float](repeating: 0, count: 65536)
    bytes.withUnsafeBytes { source in
      guard let start = source.baseAddress else { return }
      kernels.table.dequantize(AurlFloat16, start + 1, 1, &y, y.count)
    }
    for bits in 0...UInt16.max {
      let expected = Float(Float16(bitPattern: bits))
      let value = y[Int(bits)]
      #expect(value == expected || (expected.isNaN && !value.isFinite), "\(bits)")
    }
  }

  @Test(arguments: KernelTable.all, counts)
  func dequantize(kernels: KernelTable, count: Int) {
    var generator = SeededGenerator(seed: 11)
    let integers = (0..<count).map { _ in Int8.random(in: -128...127, using: &generator) }
    var y = [Float](repeating: 77, count: count + 1)
    kernels.table.dequantize(AurlInt8, integers, 0.25, &y, count)
    for index in 0..<count { #expect(y[index] == Float(integers[index]) / 4) }
    let numbers = generator.floats(count)
    kernels.table.dequantize(AurlFloat32, numbers, 4, &y, count)
    for index in 0..<count { #expect(y[index] == numbers[index] * 4) }
    #expect(y[count] == 77)
  }
}
