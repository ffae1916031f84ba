/// A trained model: a safetensors file with exactly the tensors of its configuration, mapped into memory.
///
/// Matrices are in single or half precision, or whole numbers of eight bits with the scale of each row beside them, in a
/// tensor of the matrix's name and `.scale`.
public final class ModelFile: Sendable {
  public let metadata: ModelMetadata
  /// The file as such, for metadata and tensors as they lie.
  public let file: SafetensorsFile

  public var path: String { file.path }
  public var configuration: Configuration { metadata.configuration }

  /// Opens a model and checks all of it: the file, that it is a model for the tokens of this program, that it has
  /// each tensor of its configuration and no other, and that every number is finite. O(n), at the speed of memory.
  ///
  /// - Throws: `ModelFormatError` that names the first tensor that is missing, too many or wrong.
  public convenience init(path: String) throws(ModelFormatError) {
    try self.init(file: try SafetensorsFile(path: path))
  }

  /// Takes a file for a model, as `init(path:)` does.
  public init(file: SafetensorsFile) throws(ModelFormatError) {
    self.file = file
    do {
      metadata = try ModelMetadata(text: file.metadata)
      try Self.verifyTensors(of: file, metadata.configuration)
    } catch { throw ModelFormatError(error, path: file.path) }
    try file.verifyFinite()
  }

  /// A tensor of the configuration.
  ///
  /// - Precondition: The configuration has a tensor of this name.
  public func tensor(named name: String) -> TensorView {
    guard let tensor = file[name] else { preconditionFailure("the configuration has no tensor \(name)") }
    return tensor
  }

  /// What the rows of a matrix of eight-bit numbers are to be multiplied by, one `float32` a row; nil for others.
  public func scales(named name: String) -> TensorView? { file[name + Self.scaleSuffix] }

  /// The numbers of a tensor in single precision, whatever they are in the file. O(n).
  ///
  /// - Precondition: The configuration has a tensor of this name.
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

  static let scaleSuffix = ".scale"

  private static func verifyTensors(of file: SafetensorsFile, _ configuration: Configuration) throws(Flaw) {
    var expected: Set<String> = []
    for description in configuration.tensors {
      let name = description.name
      guard let tensor = file[name] else { throw Flaw("is missing", tensor: name) }
      guard tensor.shape == description.shape else {
        throw Flaw("has the shape \(tensor.shape), not \(description.shape)", tensor: name)
      }
      try verifyType(of: tensor)
      expected.insert(name)
      if tensor.type == .int8 {
        try verifyScale(file[name + scaleSuffix], of: tensor)
        expected.insert(name + scaleSuffix)
      }
    }
    if let extra = file.tensors.first(where: { !expected.contains($0.name) }) {
      throw Flaw("is none of the configuration's", tensor: extra.name)
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
    let name = tensor.name + scaleSuffix
    guard let scale else { throw Flaw("is missing; \(tensor.name) is of I8", tensor: name) }
    guard scale.type == .float32, scale.shape == [tensor.shape[0]] else {
      throw Flaw("is \(scale.type.rawValue) \(scale.shape), not F32 [\(tensor.shape[0])]", tensor: name)
    }
    try verifyAlignment(of: scale)
  }

  /// Who plays a model reads its numbers where they lie.
  private static func verifyAlignment(of tensor: TensorView) throws(Flaw) {
    guard tensor.isAligned else { throw Flaw("does not lie at a multiple of its numbers' size", tensor: tensor.name) }
  }
}
