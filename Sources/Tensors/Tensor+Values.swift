internal import CTorch

extension Tensor {
  /// A tensor of `values`, in row-major order.
  package convenience init(
    _ values: [Float], _ shape: [Int], on device: Device = .cpu, name: String? = nil
  ) throws(TensorError) {
    try self.init(values, .float32, shape, device, name)
  }

  package convenience init(
    _ values: [Double], _ shape: [Int], on device: Device = .cpu, name: String? = nil
  ) throws(TensorError) {
    try self.init(values, .float64, shape, device, name)
  }

  package convenience init(
    _ values: [Int64], _ shape: [Int], on device: Device = .cpu, name: String? = nil
  ) throws(TensorError) {
    try self.init(values, .int64, shape, device, name)
  }

  package convenience init(
    _ values: [Bool], _ shape: [Int], on device: Device = .cpu, name: String? = nil
  ) throws(TensorError) {
    try self.init(values, .bool, shape, device, name)
  }

  private convenience init<Element: BitwiseCopyable>(
    _ values: [Element], _ type: ScalarType, _ shape: [Int], _ device: Device, _ name: String?
  ) throws(TensorError) {
    guard shape.reduce(1, *) == values.count else {
      throw TensorError(
        operation: "tensor", operands: ["\(name ?? "tensor") \(shape)"], reason: "\(values.count) values were given")
    }
    let lengths = shape.map(Int64.init)
    let handle = try Tensor.received("tensor") {
      ctorch_from_data(values, type.code, lengths, lengths.count, device.number, &$0)
    }
    self.init(handle: handle, name: name)
  }

  /// A tensor filled with one value.
  package static func full(
    _ value: Double, _ shape: [Int], type: ScalarType = .float32, on device: Device = .cpu, name: String? = nil
  ) throws(TensorError) -> Tensor {
    let lengths = shape.map(Int64.init)
    return try make("full", name: name) { ctorch_full(value, type.code, lengths, lengths.count, device.number, &$1) }
  }

  package static func zeros(
    _ shape: [Int], type: ScalarType = .float32, on device: Device = .cpu, name: String? = nil
  ) throws(TensorError) -> Tensor {
    try full(0, shape, type: type, on: device, name: name)
  }

  package static func ones(
    _ shape: [Int], type: ScalarType = .float32, on device: Device = .cpu, name: String? = nil
  ) throws(TensorError) -> Tensor {
    try full(1, shape, type: type, on: device, name: name)
  }

  /// 0, 1 … `count` − 1.
  package static func range(
    _ count: Int, type: ScalarType = .int64, on device: Device = .cpu
  ) throws(TensorError) -> Tensor {
    try make("range") { ctorch_range(Int64(count), type.code, device.number, &$1) }
  }

  /// All elements in row-major order, converted if needed.
  package func floats() throws(TensorError) -> [Float] { try values(.float32, zero: 0) }
  package func doubles() throws(TensorError) -> [Double] { try values(.float64, zero: 0) }
  package func integers() throws(TensorError) -> [Int64] { try values(.int64, zero: 0) }
  package func booleans() throws(TensorError) -> [Bool] { try values(.bool, zero: false) }

  private func values<Element: BitwiseCopyable>(_ type: ScalarType, zero: Element) throws(TensorError) -> [Element] {
    var values = [Element](repeating: zero, count: count)
    try Tensor.perform("values", [self]) {
      values.withUnsafeMutableBytes { ctorch_copy_out(handle, type.code, $0.baseAddress) }
    }
    return values
  }

  /// The only element.
  package func item() throws(TensorError) -> Double {
    guard count == 1 else {
      throw TensorError(operation: "item", operands: [label], reason: "it has \(count) elements")
    }
    return try doubles()[0]
  }

  /// Whether no element is infinite or not a number.
  package func isFinite() throws(TensorError) -> Bool {
    guard count > 0 else { return true }
    let finite = try Tensor.make("isFinite", [self]) { ctorch_unary($0, CTORCH_IS_FINITE, handle, &$1) }
    return try finite.converted(to: .float32).smallest().item() == 1
  }
}
