import Evaluation
import Foundation
import Inference
import ModelFormat
import MusicCore
import MusicFeatures
import MusicTokens
import TestSupport
import Testing

/// Measures of windows under a model, compared with values that follow from its weights.
@Suite("Windows and latents") struct WindowMeasureTests {
  private static let shape = Configuration.tiny.latents ?? Configuration.Latents()

  /// A tiny model with some tensors changed.
  private static func model(_ change: (inout [String: [Float]]) -> Void = { _ in }) throws -> Model {
    var tiny = SyntheticModel()
    change(&tiny.tensors)
    let folder = try TemporaryFolder()
    try tiny.write(to: folder.path("model"))
    return try Model(path: folder.path("model"))
  }

  /// Windows of 40 or more random tokens, `count` from each piece. All but the first of a piece begin while notes
  /// sound.
  private static func windows(pieces: Int, of count: Int) -> [HeldOutWindow] {
    (0..<pieces * count).map { index in
      let tokens = randomTokens(40 + 11 * index % 80, kinds: 100, seed: UInt64(index)).map(\.rawValue)
      var window = TokenWindow(tokens: tokens + (index % count == count - 1 ? [775] : []))
      if index % count > 0 { for id in 0..<UInt16(20 + index) { window.start.apply(3 * id) } }
      return HeldOutWindow(window, piece: index / count)
    }
  }

  private static func measures(_ windows: [HeldOutWindow], by model: Model, samples: Int = 3) -> [WindowMeasure] {
    let partners = windows.partners(seed: 1)
    return windows.indices.map { index in
      var generator = SeededGenerator(seed: UInt64(index))
      return WindowMeasure(
        of: windows[index], partner: partners[index].map { windows[$0] }, by: model, samples: samples,
        using: &generator)
    }
  }

  @Test("windows know the end of their piece, and keep pieces together") func windows() {
    let whole = HeldOutWindow(TokenWindow(tokens: [771, 60, 300, 188, 775]), piece: 0)
    #expect(whole.passage.endsPiece && whole.passage.tokens.count == 4)
    #expect(!HeldOutWindow(TokenWindow(tokens: [771, 60]), piece: 0).passage.endsPiece)
    let all = Self.windows(pieces: 3, of: 4)
    #expect(all.byPiece(Array(all.indices)) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]])
    #expect(all.evenly(5) == [0, 2, 4, 7, 9].map { all[$0] })
    #expect(all.evenly(100) == all)
    let partners = all.partners(seed: 3)
    for (index, partner) in partners.enumerated() {
      #expect(partner.map { all[$0].piece != all[index].piece } == true)
      let isLongest = !all.contains {
        $0.piece != all[index].piece && $0.window.tokens.count >= all[index].window.tokens.count
      }
      #expect(isLongest || partner.map { all[$0].window.tokens.count >= all[index].window.tokens.count } == true)
    }
    #expect(partners == all.partners(seed: 3) && partners != all.partners(seed: 4))
    #expect(Array(all[..<4]).partners(seed: 1).enumerated().allSatisfy { $0 != $1 && $1 != nil })
    #expect(Array(all[..<1]).partners(seed: 1) == [nil])
  }

  @Test("if the decoder ignores the latents, they carry nothing and the bounds show it") func deafDecoder() throws {
    let model = try Self.model { tensors in
      for layer in 0..<2 { tensors["decoder.blocks.\(layer).latents.weight"]?.zero() }
    }
    let windows = Self.windows(pieces: 3, of: 2)
    let measures = Self.measures(windows, by: model)
    let report = LatentReport(measures, of: windows, shape: Self.shape)
    #expect(report.shuffleCost == Estimate(value: 0, low: 0, high: 0))
    #expect(report.zeroCost == Estimate(value: 0, low: 0, high: 0))
    // Windows that begin with the same keyboard state have the same copy, up to the shorter length.
    let copies = zip(windows, measures).filter { $0.0.window.start == KeyboardState() }.map(\.1.copy)
    for copy in copies { #expect(copies[0].starts(with: copy.prefix(copies[0].count))) }
    #expect(copies.count == 3)
    let plainFile = try TemporaryFolder()
    try SyntheticModel.plain.write(to: plainFile.path("model"))
    let scorer = WindowScorer(try Model(path: plainFile.path("model")))
    for (window, measure) in zip(windows, measures) {
      let exact = -scorer.nats(of: window)
      #expect(abs(measure.zero - exact) < 1e-3)
      let divergences = measure.bound.divergences
      let sum = divergences.global + divergences.phrase + divergences.local
      #expect(abs(measure.bound.evidenceLowerBound - (exact - sum)) < 1e-3 && sum > 1)
    }
    let nats = windows.likelihoods(windows.map(scorer.nats)).sum
    #expect(abs((report.own.natsPerToken?.value ?? 0) - (nats.natsPerToken ?? 1)) < 1e-5)
  }

  @Test("copies choose the most probable token after their own tokens") func greedy() throws {
    let model = try Self.model()
    let window = Self.windows(pieces: 1, of: 2)[1]
    let copy = Self.measures([window], by: model)[0].copy
    #expect(copy.count == window.passage.tokens.count)
    let state = DecoderState(model)
    for count in 0..<copy.count {
      state.reset(window.window.start)
      state.use(model.encode(window.window).mean)
      let logits = state.prefill([Configuration.Vocabulary.bos] + copy.prefix(count).map { Int($0.rawValue) })
      let written = logits[Int(copy[count].rawValue)]
      // Between equally probable tokens rounding may decide.
      #expect(written >= (logits.max() ?? 0) - 1e-4, "token \(count)")
    }
  }

  @Test("shuffled latents are those of another window") func shuffled() throws {
    let model = try Self.model()
    let windows = Self.windows(pieces: 2, of: 2).filter { $0.window.start != KeyboardState() }
    func measure(_ partner: HeldOutWindow?) -> WindowMeasure {
      var generator = SeededGenerator(seed: 5)
      return WindowMeasure(of: windows[0], partner: partner, by: model, samples: 2, using: &generator)
    }
    #expect(measure(nil).shuffled == nil)
    let scorer = WindowScorer(model)
    var generator = SeededGenerator(seed: 5)
    // The samples for the bound are drawn first.
    let bound = scorer.bound(windows[0].window, samples: 2, using: &generator)
    let latents = model.encode(windows[1].window).draw(using: &generator).latents
    let expected = scorer.logProbabilities(windows[0].window, [latents]).reduce(0) { $0 + Double($1) }
    #expect(measure(windows[1]).shuffled == expected && measure(windows[1]).bound == bound)
  }

  @Test("units are active if their means vary, and go beyond the prior if they leave it") func activeUnits() throws {
    let windows = Self.windows(pieces: 4, of: 3)
    // The first three global means are constant; the phrase posteriors ignore the music and equal their prior.
    let model = try Self.model { tensors in
      let width = 64
      for index in 0..<3 * width { tensors["encoder.global.posterior.output.weight"]?[index] = 0 }
      tensors["encoder.phrase.posterior.output.weight"]?.zero()
      tensors["prior.plan.phrase.output.weight"]?.zero()
      for index in 8..<16 { tensors["encoder.phrase.posterior.output.bias"]?[index] = 100 }
    }
    let report = LatentReport(Self.measures(windows, by: model), of: windows, shape: Self.shape)
    #expect(report.levels.map(\.level) == [.global, .phrase, .local])
    #expect(report.levels.map(\.dimensions) == [16, 8, 4])
    #expect(report.levels.map(\.activeUnits) == [13, 8, 4])
    #expect(report.levels.map(\.unitsBeyondPrior) == [13, 0, 4])
    // The variance of one global mean, computed directly.
    let means = windows.map { model.encode($0.window).mean.global[5] }
    let mean = means.reduce(0, +) / Float(means.count)
    #expect(means.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Float(means.count) > 0.01)
  }

  @Test("posteriors equal to the prior cannot be told from it, others can", arguments: [0, 3] as [Float])
  func prior(shift: Float) throws {
    // Neither the encoder nor the plan has any effect: what is left is the standard normal and the prior given parents.
    let model = try Self.model { tensors in
      let levels = [
        ("global", Self.shape.global), ("phrase", Self.shape.phrase), ("local", Self.shape.local),
      ]
      for (level, count) in levels {
        let posterior = "encoder.\(level).posterior"
        // The global posterior has the variance of the prior; those of the other levels are so wide that the prior
        // decides.
        let logVariance: Float = level == "global" ? 0 : 100
        tensors["\(posterior).output.weight"]?.zero()
        tensors["\(posterior).output.bias"] =
          Array(repeating: level == "global" ? shift : 0, count: count) + Array(repeating: logVariance, count: count)
        tensors["prior.plan.\(level).output.weight"]?.zero()
        tensors["prior.plan.\(level).output.bias"]?.zero()
      }
    }
    let windows = (0..<60).map { index in
      let tokens = randomTokens(2 * Self.shape.windowLength, kinds: 100, seed: UInt64(index)).map(\.rawValue)
      return HeldOutWindow(TokenWindow(tokens: Array(tokens.prefix(Self.shape.windowLength))), piece: index / 6)
    }
    let measures = Self.measures(windows, by: model, samples: 1)
    #expect(measures.allSatisfy { $0.drawn.ofPosterior.count == 1 && $0.drawn.ofPrior.count == 1 })
    let area = try #require(LatentReport(measures, of: windows, shape: Self.shape).priorArea)
    #expect(shift > 0 ? area.value > 0.95 : abs(area.value - 0.5) < 0.15, "\(area)")
    #expect(LatentReport(Array(measures[..<24]), of: Array(windows[..<24]), shape: Self.shape).priorArea == nil)
  }

  @Test("KL per token and KL per window are the same sum") func divergence() throws {
    let windows = Self.windows(pieces: 2, of: 2)
    let measures = Self.measures(windows, by: try Self.model())
    let report = LatentReport(measures, of: windows, shape: Self.shape)
    let sum = measures.reduce(0) { $0 + $1.bound.divergences.local }
    let predictions = windows.reduce(0) { $0 + $1.window.tokens.count }
    #expect(abs((report.levels[2].natsPerToken?.value ?? 0) - sum / Double(predictions)) < 1e-9)
    #expect(abs((report.levels[2].natsPerWindow ?? 0) - sum / 4) < 1e-9)
    let json = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(LatentReport.self, from: json) == report)
  }
}

extension [Float] {
  fileprivate mutating func zero() { for index in indices { self[index] = 0 } }
}
