import Datasets
import Generation
import MusicCore
import MusicFeatures
import MusicTokens
import TestSupport
import Testing
import Training

/// Prompts that are cut from pieces.
@Suite struct PromptCutTests {
  /// An excerpt cut at any place is a valid prompt, and it contains everything that happens in it.
  @Test func anExcerptIsAPromptWithoutRepairs() throws {
    let data = try TrainingData(pieces: 6)
    var generator = SplitMix64(seed: 4)
    for piece in data.dataset.pieces {
      let tokens = data.dataset.withTokens(of: piece) { Array($0) }
      for _ in 0..<20 {
        let start = generator.number(in: 0...tokens.count - 260)
        var state = KeyboardState()
        for token in tokens[..<start] { state.apply(token) }
        let cut = RealMusic.beginning(with: tokens[start..<start + 256], level: state.level)
        let prompt = try #require(try Prompt(cut.compactMap(Token.init(rawValue:))))
        #expect(prompt.repairs.isEmpty)
        // A prompt does not include velocity tokens at its end.
        let kept = Array(cut.dropLast(cut.reversed().prefix { $0 >= 768 }.count))
        #expect(prompt.tokens.map(\.rawValue) == kept)
        let onsets = tokens[start..<start + 256].filter { $0 < 128 }
        #expect(kept.filter { $0 < 128 } == onsets)
        func ticks(_ tokens: some Sequence<UInt16>) -> Int {
          tokens.reduce(0) { (256..<768).contains($1) ? $0 + Int($1) - 255 : $0 }
        }
        #expect(ticks(kept) == ticks(tokens[start..<start + 256]))
      }
    }
  }
}
