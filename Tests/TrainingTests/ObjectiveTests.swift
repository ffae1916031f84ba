import Layers
import ModelFormat
import MusicFeatures
import Tensors
import Testing
import Training
import VAEGAN

/// The objective of a batch compared with its terms.
@Suite(.serialized) struct ObjectiveTests {
  private let model: VAE
  private let batch: Batch

  init() throws {
    model = try VAE(.tiny, generator: Generator(seed: 1))
    // Windows of different lengths: terms are per token, not per window.
    let windows = [30, 70].map { (count: Int) -> TokenWindow in
      let ids = (0..<count).map { (index: Int) -> UInt16 in
        UInt16(index * 7 % 128) + (index.isMultiple(of: 3) ? 256 : 0)
      }
      return TokenWindow(tokens: ids)
    }
    batch = try Batch(windows, multiple: model.lengthMultiple)
  }

  private func value(_ objective: Objective) throws -> (loss: Double, reconstruction: Double, kl: Double) {
    let value = try objective(model, batch, using: Generator(seed: 2))
    return (
      try value.loss.item(), try value.reconstruction.item(),
      try value.divergence.reduce(0) { try $0 + $1.item() }
    )
  }

  @Test(arguments: [0, 0.25, 1, 3])
  func theLossIsReconstructionAndWeightedKLPerToken(beta: Double) throws {
    let value = try value(Objective(beta: beta))
    #expect(value.kl > 0.01 && value.reconstruction > 1)
    let expected = value.reconstruction + beta * value.kl * 2 / 100
    #expect(abs(value.loss - expected) < 1e-5 * expected, "\(value)")
  }

  /// The objective of the prior alone has no reconstruction term: it is the KL divergence without free bits, plus the
  /// cost of each global latent as the first of a sequence.
  @Test func thePriorHasNoReconstruction() throws {
    let value = try Objective(beta: 5).ofPrior(model, batch, using: Generator(seed: 2))
    #expect(try value.reconstruction.item() == 0)
    let kl = try value.divergence.reduce(0.0) { try $0 + $1.item() }
    #expect(try value.loss.item() >= kl * 2 / 100 - 1e-6)
  }

  /// With a dropout of 1 every input is PAD except the first, which is BOS.
  @Test func theBeginningIsNotDropped() throws {
    let generator = try Generator(seed: 2)
    let inferred = try #require(try model.infer(batch, using: generator, training: true))
    let (pad, bos) = (Int64(Configuration.Vocabulary.pad), Int64(Configuration.Vocabulary.bos))
    let inputs = (0..<batch.size * batch.length).map { $0.isMultiple(of: batch.length) ? bos : pad }
    let expected =
      try model.reconstruction(
        batch, latents: inferred.latents, inputs: Tensor(inputs, [batch.size, batch.length])
      ).sum().item() / Double(batch.tokenCount)
    let dropped = try value(Objective(beta: 0, wordDropout: 1)).reconstruction
    #expect(abs(dropped - expected) < 1e-5 * expected, "\(dropped), \(expected)")
  }

  @Test func droppedWordsCostTheDecoder() throws {
    let (plain, all) = (try value(Objective(beta: 0)), try value(Objective(beta: 0, wordDropout: 1)))
    #expect(plain.reconstruction != all.reconstruction && plain.kl == all.kl)
  }
}
