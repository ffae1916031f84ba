internal import CKernels
internal import ModelFormat

/// Loads the tensors of one part of a model or critic in the layout that the kernels use.
struct WeightLoader {
  let file: any WeightFile
  private let arena: Arena

  /// Allocates memory for all tensors whose names `belongs` accepts.
  init(_ file: some WeightFile, belongs: (String) -> Bool) {
    self.file = file
    let bytes = file.descriptions.filter { belongs($0.name) }.reduce(0) { sum, tensor in
      let rows = tensor.shape[0]
      // For panels and for rows, with the scales of the rows; pages that are never touched take no memory.
      return sum + aurl_panel_bytes(AurlFloat32, rows, tensor.count / max(1, rows)) + 4 * tensor.count + 4 * rows + 256
    }
    arena = Arena(byteCount: bytes)
  }

  /// The memory behind the pointers that were returned.
  var storage: Arena { arena }

  /// A vector, or any tensor in row-major order, in single precision.
  func numbers(_ name: String) -> UnsafePointer<Float> {
    let numbers = file.floats(named: name)
    let target = arena.floats(numbers.count)
    target.initialize(from: numbers, count: numbers.count)
    return UnsafePointer(target)
  }

  /// A matrix packed in panels, in the precision of the file.
  func matrix(_ name: String) -> AurlMatrix {
    withStoredNumbers(name) { element, source, shape in
      let panels = arena.bytes(aurl_panel_bytes(element, shape[0], shape[1]))
      aurl_pack(element, source, shape[0], shape[1], panels)
      return AurlMatrix(
        element: element, rows: Int32(shape[0]), columns: Int32(shape[1]), panels: panels, scales: scales(name))
    }
  }

  /// A convolution [out, in, size] as the matrix [out, in · size], in single precision.
  func convolution(_ name: String) -> AurlMatrix {
    let shape = file.tensor(named: name).shape
    let columns = shape[1] * shape[2]
    let panels = arena.bytes(aurl_panel_bytes(AurlFloat32, shape[0], columns))
    file.floats(named: name).withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { preconditionFailure("\(name) is empty") }
      aurl_pack(AurlFloat32, start, shape[0], columns, panels)
    }
    return AurlMatrix(
      element: AurlFloat32, rows: Int32(shape[0]), columns: Int32(columns), panels: panels, scales: nil)
  }

  /// A matrix row by row, in the precision of the file.
  func rows(_ name: String) -> StoredRows {
    withStoredNumbers(name) { element, source, shape in
      let size = shape[1] * element.size
      let copy = arena.bytes(shape[0] * size)
      copy.copyMemory(from: source, byteCount: shape[0] * size)
      return StoredRows(element: element, bytes: copy, rowSize: size, columns: shape[1], scales: scales(name))
    }
  }

  private func scales(_ name: String) -> UnsafePointer<Float>? {
    guard let scales = file.scales(named: name)?.floats else { return nil }
    let target = arena.floats(scales.count)
    target.initialize(from: scales, count: scales.count)
    return UnsafePointer(target)
  }

  /// Calls `body` with the numbers of a matrix in a precision that the kernels support.
  private func withStoredNumbers<Result>(
    _ name: String, _ body: (AurlElement, UnsafeRawPointer, [Int]) -> Result
  ) -> Result {
    let tensor = file.tensor(named: name)
    let element: AurlElement? =
      switch tensor.type {
      case .float32: AurlFloat32
      case .float16: AurlFloat16
      case .int8: AurlInt8
      default: nil
      }
    if let element {
      return tensor.withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress else { preconditionFailure("\(name) is empty") }
        return body(element, start, tensor.shape)
      }
    }
    return tensor.floats.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { preconditionFailure("\(name) is empty") }
      return body(AurlFloat32, start, tensor.shape)
    }
  }
}

/// The rows of a matrix as stored in a file.
struct StoredRows {
  let element: AurlElement
  let bytes: UnsafeMutableRawPointer
  let rowSize: Int
  let columns: Int
  let scales: UnsafePointer<Float>?

  /// y = scale · row.
  func read(_ row: Int, scale: Float, into y: UnsafeMutablePointer<Float>, _ kernels: Kernels) {
    kernels.dequantize(element, bytes + row * rowSize, scale: scale * (scales?[row] ?? 1), into: y, count: columns)
  }
}

extension AurlElement {
  /// The size of a number in bytes.
  var size: Int {
    switch self {
    case AurlFloat32: 4
    case AurlFloat16: 2
    default: 1
    }
  }
}
