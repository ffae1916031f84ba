import Layers
import ModelFormat
import MusicFeatures
import Tensors
import Testing
import VAEGAN

struct ModelTests {
  @Test(arguments: Configuration.Prior.allCases, [false, true])
  func tensorsAreThoseOfTheConfiguration(prior: Configuration.Prior, normalizes: Bool) throws {
    let model = try model {
      $0.latents?.prior = prior
      $0.latents?.normalizeMeans = normalizes
    }
    let made = model.parameters.all.map { TensorDescription($0.name ?? "", $0.shape) }
    #expect(made.count == Set(made).count)
    #expect(Set(made) == Set(model.configuration.tensors))
  }

  @Test func aPlainDecoderHasNeitherEncoderNorLatents() throws {
    let plain = try model { $0.latents = nil }
    let made = plain.parameters.all.map { TensorDescription($0.name ?? "", $0.shape) }
    #expect(made == plain.configuration.tensors)
    let batch = try Batch(windows([40]), multiple: plain.lengthMultiple)
    #expect(try plain.infer(batch, using: Generator(seed: 1), training: false) == nil)
  }

  /// A change of token t affects only the logits from t + 1 on; all others stay the same, bit for bit.
  @Test(arguments: [0, 1, 15, 16, 63, 64, 126])
  func causality(changed: Int) throws {
    let model = try model()
    try Gradients.unrecorded {
      var window = windows([128])[0]
      let first = try Batch([window], multiple: 64)
      let latents = try #require(try model.infer(first, using: Generator(seed: 2), training: false)).latents
      let before = try model.logits(first, latents: latents).floats()
      window.tokens[changed] = (window.tokens[changed] + 1) % 774
      let after = try model.logits(Batch([window], multiple: 64), latents: latents).floats()
      let width = Configuration.Vocabulary.logitCount
      #expect(before.prefix((changed + 1) * width) == after.prefix((changed + 1) * width))
      #expect(before.suffix((127 - changed) * width) != after.suffix((127 - changed) * width))
    }
  }

  /// Other windows of the batch, and padding after a window, do not affect it.
  @Test func paddingChangesNothing() throws {
    let model = try model()
    try Gradients.unrecorded {
      let both = windows([70, 128])
      func scores(_ windows: [TokenWindow]) throws -> (nats: [Float], means: [Float]) {
        let batch = try Batch(windows, multiple: 64)
        let inferred = try #require(try model.infer(batch, using: Generator(seed: 2), training: false))
        let zero = try inferred.latents.zeroed()
        let nats = try model.reconstruction(batch, latents: zero).slice(0, 0..<1).slice(1, 0..<128).floats()
        return (nats, try inferred.posteriors.global.mean.slice(0, 0..<1).floats())
      }
      let alone = try scores([both[0], both[0]])
      let beside = try scores(both)
      #expect(largestDifference(alone.nats, beside.nats) < 1e-4)
      #expect(largestDifference(alone.means, beside.means) < 1e-4)
      #expect(beside.nats[70...].allSatisfy { $0 == 0 })
      #expect(beside.nats[..<70].allSatisfy { $0 > 0 })
    }
  }

  /// Without attention, which passes everything on, each latent affects only the positions of its segment.
  @Test(arguments: Configuration.Level.allCases)
  func latentsReachTheirSegments(level: Configuration.Level) throws {
    let model = try model { $0.decoderLayers = 1 }
    let attention = "decoder.blocks.0.attention.output.weight"
    try #require(model.parameters.parameters.first { $0.name == attention }).scale(by: 0)
    let sizes = try #require(model.configuration.latents)
    try Gradients.unrecorded {
      let batch = try Batch(windows([128]), multiple: 64)
      let zero = try #require(try model.infer(batch, using: Generator(seed: 2), training: false)).latents.zeroed()
      var changed = zero
      let length: Int
      switch level {
      case .global:
        length = 128
        changed.global = try Tensor.ones(zero.global.shape)
      case .phrase:
        length = sizes.phraseLength
        changed.phrase = try second(of: zero.phrase)
      case .local:
        length = sizes.localLength
        changed.local = try second(of: zero.local)
      }
      let start = level == .global ? 0 : length
      let before = try model.reconstruction(batch, latents: zero).floats()
      let after = try model.reconstruction(batch, latents: changed).floats()
      #expect(before.indices.filter { before[$0] != after[$0] } == Array(start..<start + length))
    }
  }

  /// Adds 1 in the second segment.
  private func second(of x: Tensor) throws -> Tensor {
    let indices = try Tensor((0..<x.shape[1]).map { $0 == 1 ? Float(1) : 0 }, [1, x.shape[1], 1])
    return try x + indices
  }

  @Test func segmentsOfPaddingHaveNoLatents() throws {
    let model = try model()
    try Gradients.unrecorded {
      let batch = try Batch(windows([128, 20]), multiple: 64)
      let inferred = try #require(try model.infer(batch, using: Generator(seed: 2), training: false))
      #expect(try inferred.segments.weights.local.slice(0, 1..<2).floats() == [1, 1, 0, 0, 0, 0, 0, 0])
      #expect(try inferred.segments.weights.phrase.slice(0, 1..<2).floats() == [1, 0])
      #expect(try inferred.latents.local.slice(0, 1..<2).slice(1, 2..<8).floats().allSatisfy { $0 == 0 })
      #expect(try inferred.latents.local.slice(0, 0..<1).floats().allSatisfy { $0 != 0 })
    }
  }

  @Test func endOfPieceIsThePredictedLastLogit() throws {
    let model = try model { $0.latents = nil }
    try Gradients.unrecorded {
      var window = windows([9])[0]
      window.tokens.append(UInt16(Configuration.Vocabulary.eos))
      let batch = try Batch([window], multiple: 1)
      let logits = try model.logits(batch, latents: nil)
      let expected = try -logits.logSoftmax().slice(1, 9..<10).slice(2, 774..<775).item()
      #expect(abs(try model.reconstruction(batch, latents: nil).slice(1, 9..<10).item() - expected) < 1e-5)
    }
  }

  @Test(arguments: [774, 776, 777, 65535])
  func invalidIDsAreNamed(id: Int) throws {
    let error = #expect(throws: TensorError.self) {
      try Batch([[1, 2], [3, UInt16(id)]].map { TokenWindow(tokens: $0) }, multiple: 1)
    }
    #expect(error?.description.contains("window 1") == true)
    #expect(error?.description.contains("\(id)") == true)
  }

  @Test func mixedPrecisionIsCloseToSingle() throws {
    let batch = try Batch(windows([128, 90]), multiple: 64)
    let nats = try [Precision.single, .mixed].map { precision in
      let model = try VAE(.tiny, precision: precision, generator: Generator(seed: 4))
      let inferred = try model.infer(batch, using: Generator(seed: 5), training: false)
      return try model.reconstruction(batch, latents: inferred?.latents).sum().item() / Double(batch.tokenCount)
    }
    #expect(abs(nats[0] - nats[1]) < 0.01)
    #expect(nats[0] != nats[1])
  }
}
