import CAllocations
import Foundation
import Inference
import ModelFormat
import MusicFeatures
import TestSupport
import Testing

@Suite struct DecoderStateTests {
  static let bos = Configuration.Vocabulary.bos

  /// The logits after each token, one step at a time.
  static func steps(_ state: DecoderState, _ tokens: [Int]) -> [[Float]] { tokens.map { Array(state.step($0)) } }

  static func latents(_ model: Model, seed: UInt64 = 1) throws -> Latents {
    var generator = SeededGenerator(seed: seed)
    return try #require(model.prior).sample(using: &generator)
  }

  /// Steps, prefills and scores give the same bits however the tokens are divided among them, also past the window.
  @Test(
    arguments: InstructionSet.allCases.filter(\.isSupported), [ModelWriter.Precision.single, .half, .int8])
  func divisionDoesNotMatter(instructions: InstructionSet, precision: ModelWriter.Precision) throws {
    let model = try TestModel.model(.narrow, precision: precision, instructions: instructions)
    let tokens = TestModel.tokens(90)
    let expected = Self.steps(DecoderState(model, chunk: 1), [Self.bos] + tokens)
    var generator = SeededGenerator(seed: 3)
    for chunk in [1, 5, 17, 64] {
      let state = DecoderState(model, chunk: chunk)
      var start = 0
      while start <= tokens.count {
        let end = min(tokens.count + 1, start + Int.random(in: 1...40, using: &generator))
        let logits = state.prefill(([Self.bos] + tokens)[start..<end])
        #expect(logits.elementsEqual(expected[end - 1]), "\(start)..<\(end) in chunks of \(chunk)")
        start = end
      }
      #expect(state.position == 91)
      state.reset()
      let scores = state.score(tokens.prefix(33)) + state.score(tokens.dropFirst(33), after: tokens[32])
      for (index, score) in scores.enumerated() {
        let row = expected[index]
        let most = row.max() ?? 0
        let total = row.reduce(0.0) { $0 + exp(Double($1 - most)) }
        let logTotal = Double(most) + log(total)
        #expect(abs(Double(score) - (Double(row[tokens[index]]) - logTotal)) < 1e-5)
      }
    }
  }

  /// Attention covers the last `window` positions: with one layer, a new stream of only these tokens gives the same
  /// logits if it starts with the same keyboard state. Nothing else of the earlier tokens matters.
  @Test func rollingWindow() throws {
    var configuration = Configuration.narrow
    configuration.decoderLayers = 1
    let model = try TestModel.model(configuration)
    let tokens = TestModel.tokens(75)
    let rolling = Self.steps(DecoderState(model, chunk: 7), tokens)
    for end in [20, 21, 27, 50, 75] {
      func logits(from start: Int, _ keyboard: KeyboardState) -> [Float] {
        let state = DecoderState(model)
        state.reset(keyboard)
        return Array(state.prefill(tokens[start..<end]))
      }
      let start = max(0, end - configuration.window)
      let keyboard = KeyboardState(after: tokens[..<start])
      expectClose(rolling[end - 1], logits(from: start, keyboard))
      if keyboard != KeyboardState() { expectDifferent(rolling[end - 1], logits(from: start, KeyboardState())) }
      // With one token fewer the logits differ.
      if end < 75, end > 20 {
        expectDifferent(rolling[end - 1], logits(from: start + 1, KeyboardState(after: tokens[...start])))
      }
    }
  }

  /// Only differences of positions matter, even after three days of music.
  @Test(arguments: [1, 1000, 12_345_678])
  func positionsAreRelative(start: Int) throws {
    let model = try TestModel.model(.plain)
    let tokens = TestModel.tokens(40)
    let expected = Self.steps(DecoderState(model), tokens)
    let state = DecoderState(model)
    state.reset(at: start)
    for (row, token) in zip(expected, tokens) { expectClose(row, state.step(token)) }
  }

  /// A token does not change a bit of the logits before it.
  @Test func causality() throws {
    let model = try TestModel.model(.tiny)
    let latents = try Self.latents(model)
    let window = TestModel.window(100)
    let scorer = WindowScorer(model)
    let expected = scorer.logProbabilities(window, [latents])
    for changed in [0, 1, 31, 64, 98] {
      var others = window
      others.tokens[changed] = (others.tokens[changed] + 100) % 774
      let scores = scorer.logProbabilities(others, [latents])
      #expect(scores[..<changed] == expected[..<changed])
      #expect(scores[changed...] != expected[changed...])
    }
  }

  /// Latents act from the first to the last token of their segment, and on none before it.
  @Test func segmentBoundaries() throws {
    let model = try TestModel.model(.tiny)
    let latents = try Self.latents(model)
    let tokens = [Self.bos] + TestModel.tokens(127)
    func logits(_ latents: Latents) -> [[Float]] {
      let state = DecoderState(model)
      state.use(latents)
      return Self.steps(state, tokens)
    }
    let expected = logits(latents)
    for segment in 0..<8 {
      var others = latents
      others.locals[segment][2] += 1
      let changed = logits(others)
      #expect(changed[..<(16 * segment)] == expected[..<(16 * segment)])
      #expect(changed[16 * segment] != expected[16 * segment])
    }
    var others = latents
    others.phrases[1][0] += 1
    #expect(logits(others).firstIndex { row in !expected.contains(row) } == 64)
    // A state that has no earlier positions to attend to does not depend on the latents of earlier segments.
    let state = DecoderState(model)
    state.use(latents, at: 20)
    let alone = Array(state.step(5))
    var changedBefore = latents
    changedBefore.locals[0][0] += 1
    changedBefore.locals[2][0] += 1
    state.reset()
    state.use(changedBefore, at: 20)
    #expect(state.step(5).elementsEqual(alone))
  }

  /// After the end of a latent window, the latents of its last segment stay in force.
  @Test func latentsOutlastTheirWindow() throws {
    let model = try TestModel.model(.tiny)
    let latents = try Self.latents(model)
    let state = DecoderState(model)
    var rows: [[Float]] = []
    for offset in [120, 128, 5000] {
      state.reset()
      state.use(latents, at: offset)
      rows.append(Array(state.step(7)))
    }
    #expect(rows[0] == rows[1])
    #expect(rows[0] == rows[2])
  }

  /// After a reset a stream gives the same logits as a new one.
  @Test func resetForgets() throws {
    let model = try TestModel.model(.narrow)
    let tokens = TestModel.tokens(50)
    let expected = DecoderState(model).score(tokens)
    #expect(DecoderState(model).keyboard == KeyboardState())
    let state = DecoderState(model)
    _ = state.score(TestModel.tokens(77, seed: 9))
    state.reset()
    #expect(state.score(tokens) == expected)
  }

  @Test func stepsTakeNoMemory() throws {
    let model = try TestModel.model(.tiny)
    let state = DecoderState(model)
    state.use(try Self.latents(model))
    _ = state.step(Self.bos)
    let before = aurl_allocations()
    for step in 0..<1000 { _ = state.step(step % 774) }
    #expect(aurl_allocations() == before)
    // Check that the counter works.
    #expect([UInt8](repeating: 1, count: Int.random(in: 500...1000)).count > 0 && aurl_allocations() > before)
  }

  /// Streams on several threads share one model and may be the first to use its encoder at the same time.
  @Test func manyStreams() async throws {
    let model = try TestModel.model(.tiny)
    let windows = (0..<8).map { TestModel.window(100, seed: UInt64($0)) }
    func score(_ window: TokenWindow) -> [Float] {
      WindowScorer(model).logProbabilities(window, [model.encode(window).mean])
    }
    let together = await withTaskGroup(of: (Int, [Float]).self) { group in
      for (index, window) in windows.enumerated() { group.addTask { (index, score(window)) } }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    for (index, window) in windows.enumerated() { #expect(together[index] == score(window)) }
  }

  /// Quantized weights give the same results as weights that are dequantized in advance.
  @Test(arguments: [ModelWriter.Precision.half, .int8])
  func precisions(precision: ModelWriter.Precision) throws {
    let file = try TestModel.file(.tiny, precision: precision)
    let names = Configuration.tiny.tensors.map(\.name)
    let widened = try TestModel.file(
      .tiny, tensors: Dictionary(uniqueKeysWithValues: names.map { ($0, file.floats(named: $0)) }))
    let window = TestModel.window(60)
    let model = Model(file)
    let latents = model.encode(window).mean
    let expected = Model(widened).encode(window).mean
    let tolerance: Float = precision == .int8 ? 5e-3 : 1e-4
    for (value, other) in zip(latents.global, expected.global) { #expect((value - other).magnitude < tolerance) }
    let scores = WindowScorer(model).logProbabilities(window, [latents])
    for (value, other) in zip(scores, WindowScorer(Model(widened)).logProbabilities(window, [latents])) {
      #expect((value - other).magnitude < tolerance)
    }
  }

  private func expectClose(
    _ values: [Float], _ expected: some Sequence<Float>, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = zip(values, expected).map { ($0 - $1).magnitude }.max() ?? .infinity
    #expect(error < 1e-4, sourceLocation: sourceLocation)
  }

  private func expectDifferent(
    _ values: [Float], _ others: [Float], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(zip(values, others).contains { ($0 - $1).magnitude > 1e-3 }, sourceLocation: sourceLocation)
  }
}
