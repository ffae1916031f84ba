public import Tensors

/// All tensors of a model by name: the parameters that an optimiser changes, and the buffers that layers keep
/// beside them, which are saved but have no gradient.
public final class Parameters {
  public let device: Device
  public let precision: Precision
  /// The processes that train the model together.
  public let processes: ProcessGroup
  private let generator: Generator
  private var trained: [Tensor] = []
  private var kept: [Tensor] = []

  /// - Parameter generator: draws the initial values.
  public init(
    on device: Device, precision: Precision = .single, processes: ProcessGroup = ProcessGroup(), generator: Generator
  ) {
    self.device = device
    self.precision = precision
    self.processes = processes
    self.generator = generator
  }

  /// In the order in which layers were made.
  public var parameters: [Tensor] { trained }
  public var buffers: [Tensor] { kept }
  public var all: [Tensor] { trained + kept }

  /// Where the layers of the model begin.
  public var scope: Scope { Scope(parameters: self, path: "") }

  fileprivate func add(_ name: String, _ shape: [Int], _ initial: Initialization) throws(TensorError) -> Tensor {
    let tensor = try initial.tensor(shape, name: name, generator: generator, device: device)
    trained.append(try tensor.requireGradient())
    return tensor
  }

  fileprivate func addBuffer(_ name: String, _ shape: [Int], _ value: Double) throws(TensorError) -> Tensor {
    let tensor = try Tensor.full(value, shape, on: device, name: name)
    kept.append(tensor)
    return tensor
  }
}

/// A place in the hierarchy of names: `scope["attention"]["qkv"].parameter("weight", …)` is "attention.qkv.weight".
public struct Scope {
  fileprivate let parameters: Parameters
  fileprivate let path: String

  public subscript<Name>(name: Name) -> Scope {
    Scope(parameters: parameters, path: path.isEmpty ? "\(name)" : "\(path).\(name)")
  }

  public var device: Device { parameters.device }
  public var precision: Precision { parameters.precision }
  public var processes: ProcessGroup { parameters.processes }

  /// A new tensor that is trained.
  public func parameter(
    _ name: String, _ shape: [Int], _ initial: Initialization
  ) throws(TensorError) -> Tensor {
    try parameters.add(self[name].path, shape, initial)
  }

  /// A new tensor that is not.
  public func buffer(_ name: String, _ shape: [Int], _ value: Double) throws(TensorError) -> Tensor {
    try parameters.addBuffer(self[name].path, shape, value)
  }
}

/// The values a parameter starts from.
public enum Initialization: Sendable {
  case constant(Double)
  /// N(0, deviation²).
  case normal(Double)

  /// N(0, gain² / inputs) for a linear map: outputs as large as inputs at gain 1 (Glorot & Bengio 2010).
  public static func scaled(inputs: Int, gain: Double = 1) -> Initialization {
    .normal(gain / Double(inputs).squareRoot())
  }

  func tensor(
    _ shape: [Int], name: String, generator: Generator, device: Device
  ) throws(TensorError) -> Tensor {
    let tensor: Tensor
    switch self {
    case .constant(let value): tensor = try Tensor.full(value, shape, on: device)
    case .normal(let deviation):
      tensor = try generator.normal(shape)
      try tensor.scale(by: deviation)
    }
    return try tensor.moved(to: device).named(name)
  }
}
