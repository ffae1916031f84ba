import CAllocations
import Inference
import ModelFormat
import MusicFeatures
import TestSupport
import Testing

/// A stream that is rewound continues as if the rewound steps had not happened.
@Suite struct RewindTests {
  private static let bos = Configuration.Vocabulary.bos

  /// The rewound steps cover a full window, which would reveal stale keys, and changes of the latents.
  @Test(arguments: [Configuration.narrow, .tiny])
  func aStreamGoesBackByEveryNumberOfTokens(configuration: Configuration) throws {
    let model = try TestModel.model(configuration)
    let (chunk, length) = (24, 150)
    let tokens = [Self.bos] + TestModel.tokens(length)
    let others = TestModel.tokens(chunk, seed: 5)
    let latents = try configuration.latents.map { _ in
      try (1...3).map { try DecoderStateTests.latents(model, seed: UInt64($0)) }
    }
    // Latents are set at these positions, the second time in the middle of a window.
    let places: [(position: Int, offset: Int)] = [(0, 0), (70, 100), (140, 0)]
    func advance(_ state: DecoderState, to end: Int) -> [[Float]] {
      var rows: [[Float]] = []
      for position in state.position..<end {
        if let latents, let index = places.firstIndex(where: { $0.position == position }) {
          state.use(latents[index], at: places[index].offset)
        }
        rows.append(Array(state.step(tokens[position])))
      }
      return rows
    }
    let expected = advance(DecoderState(model, chunk: chunk), to: length)
    for end in [chunk, 78, length - 5] {
      for count in [1, 2, 7, 8, 9, 15, 16, 17, 23, chunk] {
        let state = DecoderState(model, chunk: chunk)
        _ = advance(state, to: end)
        state.rewind(to: end - count)
        #expect(state.position == end - count)
        // First steps with other tokens, then back again: what they wrote must have no effect.
        _ = state.prefill(others.prefix(count))
        state.rewind(to: end - count)
        #expect(state.keyboard == KeyboardState(after: tokens[..<(end - count)]))
        let rows = advance(state, to: min(length, end + 3))
        #expect(rows == Array(expected[(end - count)..<min(length, end + 3)]), "\(count) back from \(end)")
      }
    }
  }

  /// After rewinding, latents that were set at or before that position are in force again, and later ones are not.
  @Test func latentsAreThoseOfThePlace() throws {
    let model = try TestModel.model(.tiny)
    let (first, second) = (try DecoderStateTests.latents(model, seed: 1), try DecoderStateTests.latents(model, seed: 2))
    func logits(_ uses: [(Int, Latents, Int)]) -> [Float] {
      let state = DecoderState(model)
      for position in 0..<20 {
        for use in uses where use.0 == position { state.use(use.1, at: use.2) }
        if position == 19 { return Array(state.step(7)) }
        _ = state.step(position)
      }
      return []
    }
    let state = DecoderState(model)
    for position in 0..<19 {
      if position == 10 { state.use(first, at: 30) }
      if position == 15 { state.use(second) }
      _ = state.step(position)
    }
    let kept = Array(state.step(7))
    #expect(kept == logits([(10, first, 30), (15, second, 0)]))
    func goOn(from position: Int) -> [Float] {
      state.rewind(to: position)
      for position in position..<19 { _ = state.step(position) }
      return Array(state.step(7))
    }
    #expect(goOn(from: 15) == kept)
    #expect(goOn(from: 14) == logits([(10, first, 30)]))
    #expect(goOn(from: 9) == logits([]), "before the first latents there are none")
    state.reset()
    _ = state.step(3)
    state.use(second)
    _ = state.step(4)
    state.rewind(to: 0)
    #expect(state.step(7).elementsEqual(DecoderState(model).step(7)))
  }

  /// A state with other or further tokens that copies another state continues like that one, and can be rewound as far.
  @Test(arguments: [Configuration.narrow, .tiny])
  func aCopyGoesOnAsItsOriginal(configuration: Configuration) throws {
    let model = try TestModel.model(configuration)
    let chunk = 24
    let tokens = [Self.bos] + TestModel.tokens(150)
    let latents = try configuration.latents.map { _ in
      try (1...2).map { try DecoderStateTests.latents(model, seed: UInt64($0)) }
    }
    for shared in [0, 1, 16, 77, 120] {
      let ways = [(0, shared + 20), (chunk, shared + 3), (2 * chunk, shared + 1), (3, min(150, shared + 70))]
      for (others, end) in ways {
        let (state, copy) = (DecoderState(model, chunk: chunk), DecoderState(model, chunk: chunk))
        for state in [state, copy] {
          if let latents { state.use(latents[0]) }
          for token in tokens[..<shared] { _ = state.step(token) }
        }
        for token in TestModel.tokens(others, seed: 5) { _ = copy.step(token) }
        if let latents { state.use(latents[1], at: 40) }
        for token in tokens[shared..<end] { _ = state.step(token) }
        copy.copy(state, from: shared)
        #expect(copy.position == end && copy.keyboard == state.keyboard)
        #expect(copy.firstPosition == state.firstPosition)
        #expect(copy.step(7).elementsEqual(state.step(7)), "\(shared) shared, \(others) others, to \(end)")
        for state in [state, copy] { state.rewind(to: state.firstPosition) }
        #expect(copy.step(9).elementsEqual(state.step(9)), "\(shared) shared, \(others) others, to \(end)")
      }
    }
  }

  /// Keys further back may have been overwritten.
  @Test func furtherThanAChunkBackIsAProgrammersError() async throws {
    let model = try TestModel.model(.narrow)
    let state = DecoderState(model, chunk: 8)
    for token in 0..<40 { _ = state.step(token) }
    #expect(state.firstPosition == 32)
    state.rewind(to: 34)
    _ = state.step(1)
    #expect(state.firstPosition == 32, "it depends on the furthest position written, not on the current one")
    state.rewind(to: 32)
    await #expect(processExitsWith: .failure) {
      let state = DecoderState(try TestModel.model(.narrow), chunk: 8)
      for token in 0..<40 { _ = state.step(token) }
      state.rewind(to: 31)
    }
  }

  /// Steps after rewinding allocate as much memory as steps without, which is none in release builds (unless latents
  /// change).
  @Test func goingBackTakesNoMemory() throws {
    let state = DecoderState(try TestModel.model(.plain))
    for token in 0..<100 { _ = state.step(token) }
    func allocations(goingBack: Bool) -> UInt64 {
      let before = aurl_allocations()
      for _ in 0..<50 {
        if goingBack { state.rewind(to: state.position - 20) }
        for token in 0..<20 { _ = state.step(token) }
      }
      return UInt64(aurl_allocations() - before)
    }
    // The first round, with one-time allocations such as type metadata, is not counted.
    _ = allocations(goingBack: true)
    #expect(allocations(goingBack: true) == allocations(goingBack: false))
  }
}
