import Foundation
import Inference
import ModelFormat
import MusicFeatures
import TestSupport

/// Models whose weights are generated from the names of their tensors; `golden.py` makes the same.
enum TestModel {
  /// The tensors of a configuration: matrices that preserve the magnitude of their input, and norm weights near 1.
  static func tensors(_ configuration: Configuration) -> [String: [Float]] {
    Dictionary(
      uniqueKeysWithValues: configuration.tensors.map { tensor in
        var generator = SeededGenerator(seed: hash(tensor.name))
        return (tensor.name, (0..<tensor.count).map { _ in scaled(generator.unit(), tensor) })
      })
  }

  private static func scaled(_ unit: Double, _ tensor: TensorDescription) -> Float {
    switch tensor.name {
    // The plan has a small effect, as in a trained model.
    case _ where tensor.name.hasPrefix("prior.plan.") && tensor.name.hasSuffix("output.weight"): Float(unit * 0.02)
    case _ where tensor.isMatrix: Float(unit * (6 / Double(tensor.shape[1])).squareRoot())
    case _ where tensor.name.hasSuffix("norm.weight") || tensor.name.hasSuffix(".variance"): Float(1 + 0.5 * unit)
    default: Float(unit)
    }
  }

  /// FNV-1a.
  private static func hash(_ name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  /// Such a model as a file.
  static func file(
    _ configuration: Configuration, precision: ModelWriter.Precision = .single,
    tensors: [String: [Float]]? = nil
  ) throws -> ModelFile {
    let tensors = tensors ?? Self.tensors(configuration)
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("aurl-\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: path) }
    var writer = try ModelWriter(
      path: path.path, metadata: ModelMetadata(configuration: configuration), precision: precision)
    for tensor in configuration.tensors { try writer.write(tensors[tensor.name] ?? [], to: tensor) }
    try writer.commit()
    return try ModelFile(path: path.path)
  }

  static func model(
    _ configuration: Configuration, precision: ModelWriter.Precision = .single,
    instructions: InstructionSet = .best
  ) throws -> Model {
    Model(try file(configuration, precision: precision), instructions: instructions)
  }

  /// Random tokens.
  static func tokens(_ count: Int, seed: UInt64 = 1) -> [Int] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Int.random(in: 0..<774, using: &generator) }
  }

  /// A window of random tokens that begins while notes sound.
  static func window(_ count: Int, seed: UInt64 = 1) -> TokenWindow {
    TokenWindow(tokens(count, seed: seed), start: KeyboardState(after: [770] + tokens(50, seed: seed &+ 1000)))
  }
}

extension SeededGenerator {
  /// One of 2²⁴ evenly spaced numbers in −1..<1, all exact in single precision.
  fileprivate mutating func unit() -> Double { Double(next() >> 40) * 0x1p-23 - 1 }
}

extension Configuration {
  /// `tiny` without latents.
  static let plain: Configuration = {
    var configuration = tiny
    configuration.latents = nil
    return configuration
  }()

  /// `tiny` with other latents.
  static func tiny(_ change: (inout Latents) -> Void) -> Configuration {
    var configuration = tiny
    if var latents = configuration.latents {
      change(&latents)
      configuration.latents = latents
    }
    return configuration
  }

  /// A decoder with a short window, heads with an odd half width, and matrices of odd sizes.
  static let narrow = Configuration(
    width: 30, heads: 3, feedForward: 70, encoderLayers: 0, decoderLayers: 2, window: 20, latents: nil)
}

extension TokenWindow {
  init(_ ids: some Sequence<Int>, start: KeyboardState = KeyboardState()) {
    self.init(tokens: ids.map { UInt16($0) }, start: start)
  }
}

extension KeyboardState {
  /// The state after the given tokens from the start of a piece.
  init(after ids: some Sequence<Int>) {
    self.init()
    for id in ids { apply(UInt16(id)) }
  }
}
