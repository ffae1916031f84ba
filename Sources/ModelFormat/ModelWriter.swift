/// Writes a model's file. Tensors are given in single precision, one at a time and in any order.
///
///     var writer = try ModelWriter(path: path, metadata: metadata, precision: .half)
///     for tensor in metadata.configuration.tensors { try writer.write(floats(of: tensor), to: tensor) }
///     try writer.commit()
public struct ModelWriter: ~Copyable {
  /// The precision of a model's matrices. All other tensors, a few thousandths of a model, have single precision.
  public enum Precision: String, CaseIterable, Sendable {
    case single = "fp32"
    /// IEEE 754 binary16, rounded to nearest: relative error at most 2⁻¹¹ above 6·10⁻⁵.
    case half = "fp16"
    /// 8-bit integers with a scale for each row: absolute error at most 1/254 of the row's largest magnitude.
    case int8
  }

  /// For tests, which make it fail.
  package var descriptor: Int32 { file.descriptor }
  private var file: SafetensorsWriter
  private let precision: Precision

  /// Creates a writer of a file at a path.
  ///
  /// - Throws: `ModelFormatError` if the file cannot be written or the configuration is invalid.
  public init(path: String, metadata: ModelMetadata, precision: Precision = .single) throws(ModelFormatError) {
    try self.init(path: path, weights: metadata, precision: precision)
  }

  /// Creates a writer of the tensors determined by the metadata.
  init(path: String, weights metadata: some WeightMetadata, precision: Precision) throws(ModelFormatError) {
    do { try metadata.configuration.validate() } catch {
      throw .content(path: path, reason: "the configuration is invalid: \(error)")
    }
    let layouts = metadata.configuration.tensors.flatMap { Self.layouts(of: $0, precision) }
    file = try SafetensorsWriter(path: path, tensors: layouts, metadata: metadata.text)
    self.precision = precision
  }

  private static func layouts(of tensor: TensorDescription, _ precision: Precision) -> [TensorLayout] {
    switch precision {
    case .half where tensor.isMatrix: [TensorLayout(tensor.name, .float16, tensor.shape)]
    case .int8 where tensor.isMatrix:
      [
        TensorLayout(tensor.name, .int8, tensor.shape),
        TensorLayout(tensor.name + weightScaleSuffix, .float32, [tensor.shape[0]]),
      ]
    default: [TensorLayout(tensor.name, .float32, tensor.shape)]
    }
  }

  /// Writes a tensor of the configuration, given in row-major order.
  ///
  /// - Throws: `ModelFormatError` if the file cannot be written, or a number is not finite or exceeds the range of the
  ///   precision.
  /// - Precondition: The tensor belongs to the configuration, has this many numbers, and was not written before.
  public mutating func write(_ values: [Float], to tensor: TensorDescription) throws(ModelFormatError) {
    precondition(values.count == tensor.count, "\(tensor.name) has \(tensor.count) numbers, not \(values.count)")
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw flaw(tensor, "is \(values[index]) at element \(index); such a model is of no use")
    }
    switch precision {
    case .half where tensor.isMatrix:
      let halves = values.map { $0.halfBits }
      if let index = halves.firstIndex(where: { $0 & 0x7C00 == 0x7C00 }) {
        throw flaw(tensor, "is \(values[index]) at element \(index), too large for half precision")
      }
      try file.write(halves, to: tensor.name)
    case .int8 where tensor.isMatrix:
      let rows = QuantizedRows(values, rows: tensor.shape[0])
      try file.write(rows.values, to: tensor.name)
      try file.write(rows.scales, to: tensor.name + weightScaleSuffix)
    default: try file.write(values, to: tensor.name)
    }
  }

  private func flaw(_ tensor: TensorDescription, _ reason: String) -> ModelFormatError {
    .content(path: file.path, tensor: tensor.name, reason: reason)
  }

  /// Syncs the file to disk and renames it.
  ///
  /// - Precondition: All tensors were written.
  public consuming func commit() throws(ModelFormatError) { try file.commit() }
}

extension TensorDescription {
  /// Whether this is the matrix of a linear map or an embedding, which make up almost all of a model.
  public var isMatrix: Bool { shape.count == 2 && name.hasSuffix(".weight") }
}

extension ModelFile {
  /// Writes the model to another file, in another precision.
  ///
  /// - Throws: `ModelFormatError` if the file cannot be written, or a number exceeds the range of the precision.
  public func write(to path: String, precision: ModelWriter.Precision) throws(ModelFormatError) {
    var metadata = metadata
    metadata.pair = nil
    try write(to: path, metadata: metadata, precision: precision)
  }
}
