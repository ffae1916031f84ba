import Foundation
import Inference
import ModelFormat
import TestSupport
import Testing

@Suite struct LatentTests {
  static let priors: [Configuration] = Configuration.Prior.allCases.map { prior in .tiny { $0.prior = prior } }

  /// Steps whose inverse is hard to find among them: a gain near −1, where the curve is flat, and a large one.
  @Test(arguments: [0.01, 1, 5, 30] as [Float], [-1, 1] as [Float])
  func flowsInvert(size: Float, sign: Float) {
    var generator = SeededGenerator(seed: 12)
    for _ in 0..<200 {
      let w = generator.floats(16, in: -size...size)
      let u = sign < 0 ? w.map { -$0 } : generator.floats(16, in: -size...size)
      let flow = PlanarFlow(u: u, w: w, b: Float.random(in: -2...2, using: &generator))
      let g = generator.floats(16, in: -3...3).map(Double.init)
      let there = flow.inverse(g)
      for (value, original) in zip(flow.forward(there).g, g) { #expect(abs(value - original) < 1e-5) }
      for (value, original) in zip(flow.inverse(flow.forward(g).g), g) { #expect(abs(value - original) < 1e-5) }
    }
  }

  @Test func flowWithoutDirection() {
    let flow = PlanarFlow(u: [1, 2], w: [0, 0], b: 0.5)
    let image = flow.forward([3, 4])
    #expect(image.logDeterminant == 0)
    #expect(abs(flow.inverse(image.g)[0] - 3) < 1e-12)
  }

  /// Where wᵀû is nearly −1, its difference from it is not lost: softplus(−40) = e⁻⁴⁰.
  @Test func flowThatIsNearlyFlat() {
    #expect(abs(PlanarFlow(u: [-40], w: [1], b: 0).forward([0]).logDeterminant + 40) < 1e-9)
  }

  /// The determinant of a flow is that of its finite differences.
  @Test func flowDeterminant() {
    let flow = PlanarFlow(u: [0.7, -0.4], w: [0.9, 1.1], b: 0.2)
    let step = 1e-5
    let (a, b) = (flow.forward([0.3 + step, 0.1]).g, flow.forward([0.3 - step, 0.1]).g)
    let (c, d) = (flow.forward([0.3, 0.1 + step]).g, flow.forward([0.3, 0.1 - step]).g)
    let determinant = ((a[0] - b[0]) * (c[1] - d[1]) - (a[1] - b[1]) * (c[0] - d[0])) / (4 * step * step)
    #expect(abs(flow.forward([0.3, 0.1]).logDeterminant - log(determinant)) < 1e-7)
  }

  /// Samples come from the density that a prior says it has: by importance sampling it is 1 in all, and as much of it
  /// lies below a place in the first dimension as of the samples.
  @Test(arguments: priors)
  func samplesFollowTheDensity(configuration: Configuration) throws {
    let model = try TestModel.model(configuration)
    let prior = try #require(model.prior)
    var generator = SeededGenerator(seed: 13)
    var below = 0.0
    let count = 20_000
    let first = prior.sample(using: &generator).global
    for _ in 0..<count {
      let g = prior.sample(using: &generator).global
      below += g[0] < first[0] ? 1 : 0
    }
    // The same share by importance sampling from a wide Gaussian.
    let wide = Gaussian(
      mean: Array(repeating: 0, count: first.count), logVariance: Array(repeating: log(2.5), count: first.count))
    var inside = 0.0
    var total = 0.0
    for _ in 0..<200_000 {
      let g = wide.sample(using: &generator)
      let weight = exp(prior.logDensity(global: g) - wide.logDensity(g))
      total += weight
      if g[0] < first[0] { inside += weight }
    }
    #expect(abs(total / 200_000 - 1) < 0.25)
    #expect(abs(below / Double(count) - inside / total) < 0.05)
  }

  /// New latents at a level leave those above as they are.
  @Test func resample() throws {
    let model = try TestModel.model(.tiny)
    let prior = try #require(model.prior)
    var generator = SeededGenerator(seed: 14)
    let latents = prior.sample(using: &generator)
    #expect(latents.phrases.count == 2 && latents.locals.count == 8)
    let locals = prior.resample(latents, from: .local, using: &generator)
    #expect(locals.global == latents.global && locals.phrases == latents.phrases && locals.locals != latents.locals)
    let phrases = prior.resample(latents, from: .phrase, using: &generator)
    #expect(phrases.global == latents.global && phrases.phrases != latents.phrases)
    #expect(prior.resample(latents, from: .global, using: &generator).global != latents.global)
  }

  /// The same seed gives the same latents; a window has latents only where it has tokens.
  @Test(arguments: [(1, 1, 1), (16, 1, 1), (17, 1, 2), (65, 2, 5), (128, 2, 8)])
  func draws(count: Int, phrases: Int, locals: Int) throws {
    let model = try TestModel.model(.tiny)
    let posterior = model.encode(TestModel.tokens(count))
    var (generator, again) = (SeededGenerator(seed: 15), SeededGenerator(seed: 15))
    let draw = posterior.draw(using: &generator)
    #expect(draw.latents.phrases.count == phrases && draw.latents.locals.count == locals)
    #expect(posterior.draw(using: &again).latents == draw.latents)
    #expect(draw.divergences.global > 0 && draw.divergences.phrase > 0 && draw.divergences.local > 0)
  }

  /// The encoder's Gaussians of a level may be wider than all else in a model. Integers show it: their outputs are
  /// written while what they are computed from is in scratch memory.
  @Test func latentsWiderThanTheModel() throws {
    let configuration = Configuration(
      width: 2, heads: 1, feedForward: 4, encoderLayers: 1, decoderLayers: 1, window: 16,
      latents: Configuration.Latents(global: 4096, phrase: 8, local: 4, phraseLength: 16, localLength: 16))
    let file = try TestModel.file(configuration, precision: .int8)
    let widened = configuration.tensors.map { ($0.name, file.floats(named: $0.name)) }
    let expected = Model(try TestModel.file(configuration, tensors: Dictionary(uniqueKeysWithValues: widened)))
    let (found, wanted) = (Model(file).encode([60]).global, expected.encode([60]).global)
    for (value, other) in zip(found.mean + found.logVariance, wanted.mean + wanted.logVariance) {
      #expect((value - other).magnitude < 5e-3 * max(1, other.magnitude))
    }
  }

  /// The mean of log q − log p over draws is what the divergences say.
  @Test func divergences() throws {
    let model = try TestModel.model(.tiny)
    let posterior = model.encode(TestModel.tokens(70))
    var generator = SeededGenerator(seed: 16)
    var (estimated, stated) = (0.0, 0.0)
    let count = 2000
    for _ in 0..<count {
      let draw = posterior.draw(using: &generator)
      estimated += (draw.logPosterior - draw.logPrior) / Double(count)
      let d = draw.divergences
      stated += (d.global + d.phrase + d.local) / Double(count)
    }
    #expect(abs(estimated / stated - 1) < 0.02)
  }

  /// More samples make the bound tighter, and none of them lies over the others' mean.
  @Test func bounds() throws {
    let model = try TestModel.model(.tiny)
    let scorer = WindowScorer(model)
    let window = TestModel.tokens(40)
    var generator = SeededGenerator(seed: 17)
    let singles = (0..<30).map { _ in scorer.bound(window, samples: 1, using: &generator).importanceWeighted }
    let mean = singles.reduce(0, +) / 30
    let many = scorer.bound(window, samples: 30, using: &generator)
    #expect(many.importanceWeighted > mean)
    #expect(many.importanceWeighted > many.evidenceLowerBound)
    #expect(abs(many.evidenceLowerBound - mean) < 0.1 * abs(mean))
  }
}

/// Ways between latents.
@Suite struct InterpolationTests {
  /// The ends are the latents themselves, and on the way the noise that makes them keeps its size, as that of the prior
  /// does: a straight line would lead through its empty middle.
  @Test(arguments: LatentTests.priors)
  func theWayIsAsProbableAsItsEnds(configuration: Configuration) throws {
    let model = try TestModel.model(configuration)
    let prior = try #require(model.prior)
    var generator = SeededGenerator(seed: 4)
    var (between, straight, ends) = (0.0, 0.0, 0.0)
    for _ in 0..<100 {
      let (a, b) = (prior.sample(using: &generator), prior.sample(using: &generator))
      for (latents, place) in [(a, 0.0), (b, 1.0)] {
        let end = prior.interpolate(a, b, at: place)
        #expect(zip(end.global, latents.global).allSatisfy { abs($0 - $1) < 1e-3 })
        #expect(zip(end.phrases.joined(), latents.phrases.joined()).allSatisfy { abs($0 - $1) < 1e-2 })
        #expect(zip(end.locals.joined(), latents.locals.joined()).allSatisfy { abs($0 - $1) < 1e-2 })
        ends += prior.logDensity(global: latents.global) / 200
      }
      between += prior.logDensity(global: prior.interpolate(a, b, at: 0.5).global) / 100
      straight += prior.logDensity(global: zip(a.global, b.global).map { ($0 + $1) / 2 }) / 100
    }
    if case .standard = configuration.latents?.prior { #expect(straight > ends + 2) }
    #expect(abs(between - ends) < 1.5, "between \(between), ends \(ends)")
  }
}
