internal import CKernels

/// A linear layer y = W x + b with 8-bit weights.
final class LinearLayer: @unchecked Sendable {
  // Sendable: the memory is not written after initialization.
  let inputs: Int
  private let biases: [Float]
  private let matrix: AurlMatrix
  private let panels: UnsafeMutableRawPointer
  private let scales: UnsafeMutablePointer<Float>

  var outputs: Int { biases.count }

  /// A layer of a row-major matrix of integers; row r is multiplied by `scales[r]`.
  init(inputs: Int, integers: UnsafeRawBufferPointer, scales: [Float], biases: [Float]) {
    guard let start = integers.baseAddress else { preconditionFailure("a layer without weights") }
    self.inputs = inputs
    self.biases = biases
    let byteCount = aurl_panel_bytes(AurlInt8, biases.count, inputs)
    panels = .allocate(byteCount: byteCount, alignment: 64)
    aurl_pack(AurlInt8, start, biases.count, inputs, panels)
    // The kernels read the scales of whole panels.
    let rows = (biases.count + AurlPanelRows - 1) / AurlPanelRows * AurlPanelRows
    self.scales = .allocate(capacity: rows)
    self.scales.initialize(repeating: 0, count: rows)
    self.scales.update(from: scales, count: scales.count)
    matrix = AurlMatrix(
      element: AurlInt8, rows: Int32(biases.count), columns: Int32(inputs), panels: panels, scales: self.scales)
  }

  deinit {
    panels.deallocate()
    scales.deallocate()
  }

  /// y = W x + b for `count` rows of x and y that lie one after the other, or y += W x + b.
  func apply(
    to x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int, accumulates: Bool = false
  ) {
    let outputs = outputs
    biases.withUnsafeBufferPointer { biases in
      for row in 0..<count {
        let y = y + row * outputs
        for index in 0..<outputs { y[index] = (accumulates ? y[index] : 0) + biases[index] }
      }
    }
    withUnsafeTemporaryAllocation(byteCount: aurl_linear_scratch(inputs, count), alignment: 64) { scratch in
      guard let start = scratch.baseAddress else { return }
      withUnsafePointer(to: matrix) { matrix in
        aurl_best_kernels().pointee.linear(matrix, x, inputs, y, outputs, count, true, start)
      }
    }
  }
}
