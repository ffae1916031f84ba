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

  /// Creates a layer from a row-major matrix of integers with a scale per row.
  init(inputs: Int, integers: UnsafeRawBufferPointer, scales: [Float], biases: [Float]) {
    guard let start = integers.baseAddress else { preconditionFailure("a layer without weights") }
    self.inputs = inputs
    self.biases = biases
    let byteCount = aurl_panel_bytes(AurlInt8, biases.count, inputs)
    panels = .allocate(byteCount: byteCount, alignment: 64)
    aurl_pack(AurlInt8, start, biases.count, inputs, panels)
    // Padded, since the kernels read the scales of whole panels.
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

  /// The number of rows per batch, few enough that their results fit into the caches.
  private static let step = 128

  /// Computes y = W x + b for `count` contiguous rows of x and y, or y = z + W x + b.
  func apply(
    to x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int, adding z: UnsafePointer<Float>? = nil
  ) {
    let byteCount = aurl_linear_scratch(inputs, min(count, Self.step))
    withUnsafeTemporaryAllocation(byteCount: byteCount, alignment: 64) { scratch in
      guard let scratch = scratch.baseAddress else { return }
      for start in stride(from: 0, to: count, by: Self.step) {
        let y = y + start * outputs
        let rows = min(count - start, Self.step)
        writeBiases(to: y, count: rows, adding: z.map { $0 + start * outputs })
        withUnsafePointer(to: matrix) { matrix in
          aurl_best_kernels().pointee.linear(matrix, x + start * inputs, inputs, y, outputs, rows, true, scratch)
        }
      }
    }
  }

  private func writeBiases(to y: UnsafeMutablePointer<Float>, count: Int, adding z: UnsafePointer<Float>?) {
    biases.withUnsafeBufferPointer { biases in
      for row in 0..<count {
        let y = y + row * biases.count
        if let z = z.map({ $0 + row * biases.count }) {
          for index in biases.indices { y[index] = z[index] + biases[index] }
        } else {
          for index in biases.indices { y[index] = biases[index] }
        }
      }
    }
  }
}
