import CKernels
import TestSupport

/// The kernels for an instruction set of this machine, as a test argument.
struct KernelTable: CustomStringConvertible, Sendable {
  private let set: AurlInstructionSet

  init?(_ set: AurlInstructionSet) {
    guard aurl_kernels(set) != nil else { return nil }
    self.set = set
  }

  var table: AurlKernels {
    guard let table = aurl_kernels(set) else { preconditionFailure("the machine has changed") }
    return table.pointee
  }

  var description: String { String(cString: table.name) }

  /// The tables for all instruction sets of this machine, the scalar one first.
  static let all = [AurlScalar, AurlNEON, AurlAVX2, AurlAVX512].compactMap(KernelTable.init)
}

extension SeededGenerator {
  mutating func floats(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
    (0..<count).map { _ in Float.random(in: range, using: &self) }
  }
}

/// A matrix in the storage format of a file, its packed panels, and its values.
final class TestMatrix {
  let matrix: AurlMatrix
  /// Row-major.
  let values: [Float]
  private let panels: UnsafeMutableRawPointer
  private let scales: UnsafeMutablePointer<Float>

  init(_ element: AurlElement, rows: Int, columns: Int, using generator: inout SeededGenerator) {
    let numbers = generator.floats(rows * columns)
    // At an odd address, as is possible in a file.
    var bytes: [UInt8] = [0]
    scales = .allocate(capacity: rows)
    for row in 0..<rows { scales[row] = Float(row % 5 + 1) / 500 }
    switch element {
    case AurlFloat32:
      values = numbers
      for number in numbers { withUnsafeBytes(of: number) { bytes += $0 } }
    case AurlFloat16:
      values = numbers.map { Float(Float16($0)) }
      for number in numbers { withUnsafeBytes(of: Float16(number)) { bytes += $0 } }
    default:
      let integers = numbers.map { Int8($0 * 127) }
      values = integers.enumerated().map { [scales] in Float($1) * scales[$0 / columns] }
      bytes += integers.map { UInt8(bitPattern: $0) }
    }
    let size = aurl_panel_bytes(element, rows, columns)
    panels = .allocate(byteCount: size, alignment: 64)
    // The kernels must not read what packing does not write.
    panels.initializeMemory(as: UInt8.self, repeating: 0xFF, count: size)
    bytes.withUnsafeBytes { [panels] source in
      guard let start = source.baseAddress else { return }
      aurl_pack(element, start + 1, rows, columns, panels)
    }
    matrix = AurlMatrix(
      element: element, rows: Int32(rows), columns: Int32(columns), panels: UnsafeRawPointer(panels),
      scales: element == AurlInt8 ? UnsafePointer(scales) : nil)
  }

  deinit {
    panels.deallocate()
    scales.deallocate()
  }

  /// W x + y in double precision, and the sum of the magnitudes of its terms.
  func product(_ x: ArraySlice<Float>, row: Int) -> (sum: Double, magnitude: Double) {
    let columns = Int(matrix.columns)
    var sum = 0.0
    var magnitude = 0.0
    for column in 0..<columns {
      let term = Double(values[row * columns + column]) * Double(x[x.startIndex + column])
      sum += term
      magnitude += abs(term)
    }
    return (sum, magnitude)
  }
}
