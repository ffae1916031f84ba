import Foundation
import Inference
import ModelFormat
import MusicFeatures
import TestSupport
import Testing

@Suite struct LatentTests {
  static let priors: [Configuration] = Configuration.Prior.allCases.map { prior in .tiny { $0.prior = prior } }

  /// Includes flows that are hard to invert: a gain near −1, where the curve is flat, and a large gain.
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

  /// If wᵀû is close to −1, the difference 1 + wᵀû keeps its precision: softplus(−40) = e⁻⁴⁰.
  @Test func flowThatIsNearlyFlat() {
    #expect(abs(PlanarFlow(u: [-40], w: [1], b: 0).forward([0]).logDeterminant + 40) < 1e-9)
  }

  /// The determinant of a flow agrees with finite differences.
  @Test func flowDeterminant() {
    let flow = PlanarFlow(u: [0.7, -0.4], w: [0.9, 1.1], b: 0.2)
    let step = 1e-5
    let (a, b) = (flow.forward([0.3 + step, 0.1]).g, flow.forward([0.3 - step, 0.1]).g)
    let (c, d) = (flow.forward([0.3, 0.1 + step]).g, flow.forward([0.3, 0.1 - step]).g)
    let determinant = ((a[0] - b[0]) * (c[1] - d[1]) - (a[1] - b[1]) * (c[0] - d[0])) / (4 * step * step)
    #expect(abs(flow.forward([0.3, 0.1]).logDeterminant - log(determinant)) < 1e-7)
  }

  /// Samples follow the density of the prior. By importance sampling the density integrates to 1, and its mass below a
  /// threshold in the first dimension is the share of the samples there.
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

  /// The components of a mixture are drawn in proportion to their weights.
  @Test func componentsAreDrawnByTheirWeights() throws {
    let configuration = Configuration.tiny { $0.prior = .mixture }
    let latents = try #require(configuration.latents)
    var tensors = TestModel.tensors(configuration)
    let (count, width) = (latents.mixtureComponents, latents.global)
    // Seven of eight components share a probability of 0.1; the mean of each component is its index.
    tensors["prior.global.mixture.logits"] = (0..<count).map { $0 == 2 ? log(0.9) : log(0.1 / Float(count - 1)) }
    tensors["prior.global.mixture.means"] = (0..<count * width).map { Float($0 / width) }
    tensors["prior.global.mixture.logVariances"] = Array(repeating: log(1e-4), count: count * width)
    let prior = try #require(Model(try TestModel.file(configuration, tensors: tensors)).prior)
    var generator = SeededGenerator(seed: 5)
    var drawn = [Int](repeating: 0, count: count)
    for _ in 0..<2000 { drawn[Int(prior.sample(using: &generator).global[0].rounded())] += 1 }
    #expect((1700...1900).contains(drawn[2]), "\(drawn)")
    #expect(drawn.allSatisfy { $0 > 0 }, "\(drawn)")
  }

  /// A local latent depends on its own phrase. Other phrases affect it only through the plan, which has no effect here.
  @Test func localsFollowTheirPhrase() throws {
    let configuration = Configuration.tiny
    var tensors = TestModel.tensors(configuration)
    for name in tensors.keys where name.hasPrefix("prior.plan.") && name.hasSuffix("output.weight") {
      tensors[name] = tensors[name]?.map { _ in 0 }
    }
    let prior = try #require(Model(try TestModel.file(configuration, tensors: tensors)).prior)
    var generator = SeededGenerator(seed: 6)
    let base = prior.sample(using: &generator)
    let count = try #require(configuration.latents).localsPerPhrase
    for phrase in base.phrases.indices {
      var other = Latents(global: base.global, phrases: base.phrases, locals: [])
      other.phrases[phrase] = other.phrases[phrase].map { $0 + 1 }
      var (a, b) = (SeededGenerator(seed: 7), SeededGenerator(seed: 7))
      let same = prior.complete(Latents(global: base.global, phrases: base.phrases, locals: []), using: &a)
      let changed = prior.complete(other, using: &b)
      for local in base.locals.indices {
        let follows = local / count == phrase
        #expect((same.locals[local] != changed.locals[local]) == follows, "local \(local) of phrase \(phrase)")
      }
    }
  }

  /// Given latents are kept and missing ones are drawn. With the same generator the draws do not depend on how much is
  /// given, but they do depend on the values of earlier latents, in the window and in windows before it.
  @Test func complete() throws {
    let model = try TestModel.model(.tiny)
    let prior = try #require(model.prior)
    func complete(_ known: Latents, after history: [Latents] = []) -> Latents {
      var generator = SeededGenerator(seed: 14)
      return prior.complete(known, after: history, using: &generator)
    }
    let nothing = Latents(global: [], phrases: [], locals: [])
    let latents = complete(nothing)
    #expect(latents.phrases.count == 2 && latents.locals.count == 8)
    #expect(complete(latents) == latents)
    var known = latents
    known.phrases.removeLast()
    #expect(complete(known) == latents, "draws do not depend on how much is given")
    known.locals[3][0] += 1
    let changed = complete(known)
    #expect(changed.global == latents.global && changed.phrases[0] == latents.phrases[0])
    #expect(changed.phrases[1] != latents.phrases[1], "a phrase depends on the local segments before it")
    let (later, latest) = (complete(nothing, after: [latents]), complete(nothing, after: [changed, latents]))
    #expect(later.global != latents.global && latest.global != later.global)
    // The plan covers three windows: this one and two before it.
    #expect(complete(nothing, after: [later, changed, latents]) == latest)
  }

  /// The same seed gives the same latents; only segments with tokens have latents.
  @Test(arguments: [(1, 1, 1), (16, 1, 1), (17, 1, 2), (65, 2, 5), (128, 2, 8)])
  func draws(count: Int, phrases: Int, locals: Int) throws {
    let model = try TestModel.model(.tiny)
    let posterior = model.encode(TestModel.window(count))
    var (generator, again) = (SeededGenerator(seed: 15), SeededGenerator(seed: 15))
    let draw = posterior.draw(using: &generator)
    #expect(draw.latents.phrases.count == phrases && draw.latents.locals.count == locals)
    #expect(posterior.draw(using: &again).latents == draw.latents)
    #expect(draw.divergences.global > 0 && draw.divergences.phrase > 0 && draw.divergences.local > 0)
  }

  /// The parameters of a posterior may be wider than anything else in the model. int8 weights reveal scratch memory
  /// that is too small: the outputs are written while the quantized inputs are still in it.
  @Test func latentsWiderThanTheModel() throws {
    let configuration = Configuration(
      width: 2, heads: 1, feedForward: 4, encoderLayers: 1, decoderLayers: 1, window: 16,
      latents: Configuration.Latents(
        global: 4096, phrase: 8, local: 4, windowLength: 16, phraseLength: 16, localLength: 16))
    let file = try TestModel.file(configuration, precision: .int8)
    let widened = configuration.tensors.map { ($0.name, file.floats(named: $0.name)) }
    let expected = Model(try TestModel.file(configuration, tensors: Dictionary(uniqueKeysWithValues: widened)))
    let window = TokenWindow([60])
    let (found, wanted) = (Model(file).encode(window).global, expected.encode(window).global)
    for (value, other) in zip(found.mean + found.logVariance, wanted.mean + wanted.logVariance) {
      #expect((value - other).magnitude < 5e-3 * max(1, other.magnitude))
    }
  }

  /// The mean of log q − log p over samples agrees with the KL divergences.
  @Test func divergences() throws {
    let model = try TestModel.model(.tiny)
    let posterior = model.encode(TestModel.window(70))
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

  /// More samples make the bound tighter.
  @Test func bounds() throws {
    let model = try TestModel.model(.tiny)
    let scorer = WindowScorer(model)
    let window = TestModel.window(40)
    var generator = SeededGenerator(seed: 17)
    let singles = (0..<30).map { _ in scorer.bound(window, samples: 1, using: &generator).importanceWeighted }
    let mean = singles.reduce(0, +) / 30
    let many = scorer.bound(window, samples: 30, using: &generator)
    #expect(many.importanceWeighted > mean)
    #expect(many.importanceWeighted > many.evidenceLowerBound)
    #expect(abs(many.evidenceLowerBound - mean) < 0.1 * abs(mean))
  }
}

/// Interpolation between latents.
@Suite struct InterpolationTests {
  /// The ends are the latents themselves, and in between the underlying noise keeps the norm that is typical of the
  /// prior. A straight line would pass near the origin, where a Gaussian of many dimensions has hardly any mass.
  @Test(arguments: LatentTests.priors)
  func interpolatedLatentsAreAsProbableAsTheEnds(configuration: Configuration) throws {
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
