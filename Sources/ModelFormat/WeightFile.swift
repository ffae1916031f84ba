/// A safetensors file with exactly the tensors of its configuration: that of a model or a critic.
///
/// Matrices have single or half precision, or are 8-bit integers with the scale of each row in a second tensor, named
/// after the matrix with the suffix `.scale`.
public protocol WeightFile: Sendable {
  /// What determines the names and shapes of its tensors.
  associatedtype Dimensions: WeightConfiguration

  /// The dimensions of the model or critic.
  var configuration: Dimensions { get }
  /// The underlying file, for metadata and raw tensors.
  var file: SafetensorsFile { get }

  /// Interprets a file, as `init(path:)` does.
  init(file: SafetensorsFile) throws(ModelFormatError)
}

extension WeightFile {
  /// Opens a file and validates it completely: the file format, the vocabulary, that it has exactly the tensors of its
  /// configuration, and that every number is finite. O(n), limited by memory bandwidth.
  ///
  /// - Throws: `ModelFormatError` with the first tensor that is missing, unexpected or invalid.
  public init(path: String) throws(ModelFormatError) { try self.init(file: try SafetensorsFile(path: path)) }

  /// All its tensors except scales.
  public var descriptions: [TensorDescription] { configuration.tensors }

  /// The path of the file.
  public var path: String { file.path }

  /// One of the tensors.
  ///
  /// - Precondition: There is a tensor of this name.
  public func tensor(named name: String) -> TensorView {
    guard let tensor = file[name] else { preconditionFailure("the configuration has no tensor \(name)") }
    return tensor
  }

  /// The scales of the rows of an 8-bit matrix, one `float32` per row; nil for other tensors.
  public func scales(named name: String) -> TensorView? { file[name + weightScaleSuffix] }

  /// The numbers of a tensor, converted to single precision. O(n).
  ///
  /// - Precondition: There is a tensor of this name.
  public func floats(named name: String) -> [Float] {
    let tensor = tensor(named: name)
    var floats = tensor.floats
    guard let scales = scales(named: name)?.floats, !scales.isEmpty else { return floats }
    let columns = floats.count / scales.count
    for (row, scale) in scales.enumerated() {
      for index in row * columns..<(row + 1) * columns { floats[index] *= scale }
    }
    return floats
  }

  /// Writes the tensors to another file with the given metadata, in another precision.
  func write(
    to path: String, metadata: some WeightMetadata, precision: ModelWriter.Precision
  ) throws(ModelFormatError) {
    var writer = try ModelWriter(path: path, weights: metadata, precision: precision)
    for tensor in descriptions { try writer.write(floats(named: tensor.name), to: tensor) }
    try writer.commit()
  }
}

let weightScaleSuffix = ".scale"

extension SafetensorsFile {
  /// Reads the metadata of a file and checks that it has exactly the tensors they determine, all finite. O(n), limited
  /// by memory bandwidth.
  ///
  /// - Throws: `ModelFormatError` with the first tensor that is missing, unexpected or invalid.
  func verifiedMetadata<Metadata: WeightMetadata>() throws(ModelFormatError) -> Metadata {
    let metadata: Metadata
    do {
      metadata = try Metadata(text: self.metadata)
      try verify(metadata.configuration.tensors)
    } catch { throw ModelFormatError(error, path: path) }
    try verifyFinite()
    return metadata
  }

  /// Checks that the file has exactly these tensors, each with its shape and a supported precision.
  func verify(_ descriptions: [TensorDescription]) throws(Flaw) {
    var expected: Set<String> = []
    for description in descriptions {
      let name = description.name
      guard let tensor = self[name] else { throw Flaw("is missing", tensor: name) }
      guard tensor.shape == description.shape else {
        throw Flaw("has the shape \(tensor.shape), not \(description.shape)", tensor: name)
      }
      try Self.verifyType(of: tensor)
      expected.insert(name)
      if tensor.type == .int8 {
        try Self.verifyScale(self[name + weightScaleSuffix], of: tensor)
        expected.insert(name + weightScaleSuffix)
      }
    }
    if let extra = tensors.first(where: { !expected.contains($0.name) }) {
      throw Flaw("does not belong to the configuration", tensor: extra.name)
    }
  }

  private static func verifyType(of tensor: TensorView) throws(Flaw) {
    switch tensor.type {
    case .float32, .float16, .bfloat16: break
    case .int8 where tensor.shape.count == 2: break
    default:
      throw Flaw("is of \(tensor.type.rawValue), not F32, F16, BF16 or, for a matrix, I8", tensor: tensor.name)
    }
    try verifyAlignment(of: tensor)
  }

  private static func verifyScale(_ scale: TensorView?, of tensor: TensorView) throws(Flaw) {
    let name = tensor.name + weightScaleSuffix
    guard let scale else { throw Flaw("is missing; \(tensor.name) is of I8", tensor: name) }
    guard scale.type == .float32, scale.shape == [tensor.shape[0]] else {
      throw Flaw("is \(scale.type.rawValue) \(scale.shape), not F32 [\(tensor.shape[0])]", tensor: name)
    }
    try verifyAlignment(of: scale)
  }

  /// The native engine reads the numbers in place, which requires alignment.
  private static func verifyAlignment(of tensor: TensorView) throws(Flaw) {
    guard tensor.isAligned else { throw Flaw("does not lie at a multiple of its numbers' size", tensor: tensor.name) }
  }
}
