import Foundation
import Inference
import Layers
import ModelFormat
import MusicFeatures
import Tensors
import TestSupport
import Testing
import VAEGAN

/// The native critic and the libtorch critic used in training, on the same music.
@Suite struct CriticParityTests {
  private let folder: TemporaryFolder

  init() throws {
    try Runtime.setThreadCount(1)
    folder = try TemporaryFolder()
  }

  /// Random tokens after a random keyboard state, with lengths that end in the middle of windows.
  private static let stretches: [TokenWindow] = {
    var generator = SeededGenerator(seed: 6)
    func tokens(_ count: Int) -> [UInt16] { (0..<count).map { _ in UInt16.random(in: 0..<774, using: &generator) } }
    return [64, 41, 3].map { length in
      var stretch = TokenWindow(tokens: tokens(length))
      for token in [769] + tokens(60) { stretch.start.apply(token) }
      return stretch
    }
  }()

  @Test(
    arguments: InstructionSet.allCases.filter(\.isSupported),
    [(ModelWriter.Precision.single, 1e-3), (.half, 1e-2), (.int8, 5e-2)])
  func logits(instructions: InstructionSet, precision: (ModelWriter.Precision, limit: Double)) throws {
    let generator = try Generator(seed: 3)
    let critic = try Discriminator(.tiny, generator: generator)
    for parameter in critic.parameters.parameters {
      try parameter.accumulate(generator.normal(parameter.shape), times: 0.05)
    }
    try critic.updateNorms(iterations: 20)
    let folded = try critic.folded()
    let path = folder.path("critic.safetensors")
    var writer = try ModelWriter(path: path, critic: CriticMetadata(configuration: .tiny), precision: precision.0)
    for tensor in CriticConfiguration.tiny.tensors { try writer.write(folded[tensor.name] ?? [], to: tensor) }
    try writer.commit()
    let native = try Critic(path: path, instructions: instructions)
    let windows = CriticConfiguration.tiny.windows
    for stretch in Self.stretches {
      let logits = native.logits(stretch)
      let output = try critic(CriticInput([stretch], multiple: windows.global))
      for scale in Configuration.Level.allCases {
        let (expected, weights) = (
          try output.scales[scale].windows.doubles(), try output.scales[scale].weights.doubles()
        )
        for (index, value) in expected.enumerated() {
          let heard = index < logits[scale].count ? logits[scale][index] : nil
          #expect((heard != nil) == (weights[index] == 1), "\(scale) \(index)")
          guard let heard else { continue }
          #expect(abs(heard - value) < precision.limit, "\(scale) \(index): \(heard) and \(value)")
        }
      }
    }
  }
}
