import Layers
import ModelFormat
import MusicCore
import MusicFeatures
import Tensors
import Testing
import VAEGAN

struct GradientTests {
  /// The gradient of the evidence lower bound of music and charts with respect to every parameter, along a direction near
  /// the gradient, compared with a finite difference. No gradient is zero. The noise of the latents is the same each time.
  @Test(arguments: Configuration.Prior.allCases, [false, true])
  func objective(prior: Configuration.Prior, normalizes: Bool) throws {
    let model = try model {
      $0.latents?.prior = prior
      $0.latents?.normalizeMeans = normalizes
      // Sequences of two latent windows, so that the second depends on the first.
      $0.latents?.windowLength = 32
      $0.latents?.phraseLength = 32
    }
    var music = windows([64, 50, 64, 40, 64, 64, 33, 60])
    let progression = try ChordProgression("| C Am7 | F/A | G7 |")
    for index in [0, 2, 5] {
      let start = music[index].start.time
      music[index].chart = try progression.chart(ofLength: TokenTime(Seconds(60)), secondsPerBeat: 0.7)
        .changed(semitones: index) { $0 + start }
    }
    let batch = try Batch(music, multiple: 64)
    func value() throws -> Tensor {
      let inferred = try #require(try model.infer(batch, using: Generator(seed: 5), training: normalizes))
      let charts = try #require(try model.charts?.loss(batch.charts)).nats
      let nats = try model.reconstruction(batch, latents: inferred.latents).sum() + charts
      return try (nats + model.divergence(inferred, free: FreeBits()).objective) / Double(batch.tokenCount)
    }
    try value().backward()
    let generator = try Generator(seed: 11)
    for parameter in model.parameters.parameters {
      let name = parameter.name ?? ""
      let gradient = try #require(try parameter.gradient(), "\(name) has no gradient")
      // Along the gradient the change is largest in relation to rounding errors.
      let direction =
        try gradient + generator.normal(parameter.shape) * (0.1 * gradient.squared().mean().item().squareRoot())
      let size = try direction.squared().sum().item().squareRoot()
      try #require(size > 1e-6, "the gradient of \(name) is zero")
      let step = 3e-3 * max(1, try parameter.squared().sum().item().squareRoot()) / size
      let slope = try (gradient * direction).sum().item()
      try parameter.accumulate(direction, times: step)
      let above = try Gradients.unrecorded { try value().item() }
      try parameter.accumulate(direction, times: -2 * step)
      let below = try Gradients.unrecorded { try value().item() }
      try parameter.accumulate(direction, times: step)
      let difference = (above - below) / (2 * step)
      #expect(abs(difference - slope) < 0.05 * abs(slope) + 2e-6 / step, "\(name): \(difference) and \(slope)")
    }
  }

  /// Each level of latents carries information from the encoder to the decoder, and gradients back.
  @Test func theEncoderLearnsThroughTheLatents() throws {
    let model = try model()
    let batch = try Batch(windows([128]), multiple: 64)
    let inferred = try #require(try model.infer(batch, using: Generator(seed: 5), training: true))
    try model.reconstruction(batch, latents: inferred.latents).sum().backward()
    for level in Configuration.Level.allCases {
      let name = "encoder.\(level).posterior.output.weight"
      let weight = try #require(model.parameters.parameters.first { $0.name == name })
      #expect(try #require(try weight.gradient()).squared().sum().item() > 0)
    }
  }
}
