package import Tensors

/// All tensors of a model by name: parameters, which an optimizer updates, and buffers, which are saved but have no
/// gradient.
package final class Parameters {
  package let device: Device
  package let precision: Precision
  /// The processes that train the model together.
  package let processes: ProcessGroup
  private let generator: Generator
  private var trained: [Tensor] = []
  private var kept: [Tensor] = []

  /// - Parameter generator: draws the initial values.
  package init(
    on device: Device, precision: Precision = .single, processes: ProcessGroup = ProcessGroup(), generator: Generator
  ) {
    self.device = device
    self.precision = precision
    self.processes = processes
    self.generator = generator
  }

  /// The parameters in the order in which layers were created.
  package var parameters: [Tensor] { trained }
  package var buffers: [Tensor] { kept }
  package var all: [Tensor] { trained + kept }

  /// The root of the hierarchy of names.
  package var scope: Scope { Scope(parameters: self, path: "") }

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
package struct Scope {
  fileprivate let parameters: Parameters
  fileprivate let path: String

  package subscript<Name>(name: Name) -> Scope {
    Scope(parameters: parameters, path: path.isEmpty ? "\(name)" : "\(path).\(name)")
  }

  package var device: Device { parameters.device }
  package var precision: Precision { parameters.precision }
  package var processes: ProcessGroup { parameters.processes }

  /// Creates a tensor that is trained.
  package func parameter(
    _ name: String, _ shape: [Int], _ initial: Initialization
  ) throws(TensorError) -> Tensor {
    try parameters.add(self[name].path, shape, initial)
  }

  /// Creates a tensor that is saved but not trained.
  package func buffer(_ name: String, _ shape: [Int], _ value: Double) throws(TensorError) -> Tensor {
    try parameters.addBuffer(self[name].path, shape, value)
  }
}

/// The values a parameter starts from.
package enum Initialization: Sendable {
  case constant(Double)
  /// N(0, deviation²).
  case normal(Double)

  /// N(0, gain² / inputs) for a linear map: outputs as large as inputs at gain 1 (Glorot & Bengio 2010).
  package static func scaled(inputs: Int, gain: Double = 1) -> Initialization {
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
