import Foundation
import Layers
import ModelFormat
import Tensors
import Testing
import VAEGAN

struct DivergenceTests {
  private func gaussian(_ shape: [Int], seed: UInt64, size: Double = 1) throws -> Gaussian {
    let generator = try Generator(seed: seed)
    return Gaussian(mean: try generator.normal(shape) * size, logVariance: try generator.normal(shape) * 0.5)
  }

  @Test func closedFormAgainstMonteCarlo() throws {
    let q = try gaussian([1, 6], seed: 1)
    let p = try gaussian([1, 6], seed: 2)
    let samples = try q.sample(Generator(seed: 3).normal([200_000, 6]))
    let estimate = try (q.logDensity(samples) - p.logDensity(samples)).mean(0)
    let exact = try q.divergence(from: p).reshaped([6])
    #expect(largestDifference(try estimate.floats(), try exact.floats()) < 0.03)
    #expect(try q.divergence(from: q).floats().allSatisfy { abs($0) < 1e-6 })
  }

  @Test func productOfGaussians() throws {
    let a = Gaussian(mean: try Tensor([Float(1)], [1]), logVariance: try Tensor([Float(log(2.0))], [1]))
    let b = Gaussian(mean: try Tensor([Float(-2)], [1]), logVariance: try Tensor([Float(0)], [1]))
    let product = try a.product(b)
    // The precisions ½ and 1 give the variance 2/3 and the mean (½ · 1 − 2) · 2/3 = −1.
    #expect(abs(try product.logVariance.item() - log(2.0 / 3)) < 1e-6)
    #expect(abs(try product.mean.item() + 1) < 1e-6)
  }

  /// The density of each prior integrates to 1, by importance sampling from a wide Gaussian, and its samples follow it.
  @Test(arguments: Configuration.Prior.allCases)
  func priorsAreDensities(prior: Configuration.Prior) throws {
    let model = try model {
      $0.latents?.global = 2
      $0.latents?.prior = prior
    }
    let global = try #require(model.prior).global
    try Gradients.unrecorded {
      let generator = try Generator(seed: 5)
      let wide = Gaussian(mean: try Tensor.zeros([1, 2]), logVariance: try Tensor.full(log(9), [1, 2]))
      let points = try wide.sample(generator.normal([200_000, 2]))
      let weights = try (global.logDensity(points) - wide.logDensity(points).sum(1)).exp()
      #expect(abs(try weights.mean().item() - 1) < 0.02)
      // The second moment is the same from samples and from importance weights.
      let samples = try global.sample(200_000, dimensions: 2, using: generator, on: .cpu)
      let sampled = try samples.squared().sum(1).mean().item()
      let weighted = try (points.squared().sum(1) * weights).mean().item()
      #expect(abs(sampled - weighted) / weighted < 0.03)
    }
  }

  /// The KL that the model reports for each prior is the mean of log q − log p over many samples.
  @Test(arguments: Configuration.Prior.allCases)
  func divergenceOfThePriorInUse(prior: Configuration.Prior) throws {
    let model = try model { $0.latents?.prior = prior }
    let global = try #require(model.prior).global
    try Gradients.unrecorded {
      let batch = try Batch(windows([128]), multiple: 64)
      let generator = try Generator(seed: 6)
      var reported = 0.0
      let rounds = prior == .standard ? 1 : 300
      var posterior: Gaussian?
      for _ in 0..<rounds {
        let inferred = try #require(try model.infer(batch, using: generator, training: false))
        reported += try model.divergence(inferred, free: FreeBits()).perWindow.global.item() / Double(rounds)
        posterior = inferred.posteriors.global
      }
      let q = try #require(posterior)
      let samples = try q.sample(generator.normal([20_000, 1, 16]))
      let density = try global.logDensity(samples.reshaped([20_000, 16]))
      let estimate = try (q.logDensity(samples).sum(1, 2) - density).mean().item()
      #expect(abs(reported - estimate) < 0.05 * max(1, abs(estimate)) + (prior == .standard ? 0 : 0.5))
    }
  }

  /// The objective with free bits, computed by hand. The reported KL is not affected by them.
  @Test func freeBits() throws {
    let model = try model()
    try Gradients.unrecorded {
      let batch = try Batch(windows([128, 20]), multiple: 64)
      let inferred = try #require(try model.infer(batch, using: Generator(seed: 2), training: false))
      let plain = try model.divergence(inferred, free: FreeBits())
      let total = try plain.perWindow.all.map { try $0.item() }.reduce(0, +)
      #expect(abs(try plain.objective.item() - 2 * total) < 1e-3)

      let floors = [0.5, 0.2, 0.1]
      var expected = 0.0
      for (index, level) in Configuration.Level.allCases.enumerated() {
        let weights = inferred.segments.weights[level]
        let segments = try weights.sum().item()
        let elements = try inferred.posteriors[level].divergence(from: inferred.priors[level]) * weights
        for mean in try elements.sum(0, 1).doubles() { expected += max(floors[index], mean / segments) * segments }
      }
      let free = try model.divergence(inferred, free: FreeBits(perDimension: floors))
      #expect(abs(try free.objective.item() - expected) < 1e-2)
      #expect(try free.perWindow.global.item() == plain.perWindow.global.item())

      let level = try model.divergence(inferred, free: FreeBits(perLevel: [1000, 0, 0]))
      let others = try plain.perWindow.phrase.item() + plain.perWindow.local.item()
      #expect(abs(try level.objective.item() - 2 * (1000 + others)) < 1e-1)
    }
  }

  /// Within the free bits the posteriors get no gradient from the KL, but the prior learns from all of it; otherwise it
  /// would not learn the distribution of the latents.
  @Test(arguments: [FreeBits(perLevel: [1000, 1000, 1000]), FreeBits(perDimension: [1000, 1000, 1000])])
  func thePriorLearnsFromTheKLWithinTheFreeBits(free: FreeBits) throws {
    let model = try model()
    let batch = try Batch(windows([128, 20]), multiple: 64)
    let inferred = try #require(try model.infer(batch, using: Generator(seed: 2), training: true))
    let measured = try model.divergence(inferred, free: FreeBits()).perWindow
    let divergence = try model.divergence(inferred, free: free)
    for level in Configuration.Level.allCases {
      #expect(try divergence.perWindow[level].item() == measured[level].item())
    }
    try divergence.objective.backward()
    for parameter in model.parameters.parameters {
      let name = parameter.name ?? ""
      let size = try parameter.gradient()?.squared().sum().item() ?? 0
      if name.hasPrefix("encoder") { #expect(size == 0, "\(name)") }
      if ["prior.phrase.output.weight", "prior.local.parent.weight", "prior.plan.local.output.weight"].contains(name) {
        #expect(size > 0, "\(name)")
      }
    }
  }

  /// The sample and the KL come from the same posterior: without noise the sample is its mean, and the KL is its own.
  @Test(arguments: [false, true])
  func sampleAndDivergenceShareTheirStatistics(normalizes: Bool) throws {
    let model = try model { $0.latents?.normalizeMeans = normalizes }
    try Gradients.unrecorded {
      let batch = try Batch(windows([128, 50, 128, 20]), multiple: 64)
      let inferred = try #require(try model.infer(batch, using: nil, training: normalizes))
      let measured = try model.divergence(inferred, free: FreeBits()).perWindow
      for level in Configuration.Level.allCases {
        let (q, p, weights) = (inferred.posteriors[level], inferred.priors[level], inferred.segments.weights[level])
        #expect(try inferred.latents[level].floats() == (q.mean * weights).floats())
        let expected = try (q.divergence(from: p) * weights).sum().item() / 4
        #expect(abs(try measured[level].item() - expected) < 1e-5 * max(1, expected))
      }
    }
  }
}
