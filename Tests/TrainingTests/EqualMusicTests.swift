import Datasets
import MusicCore
import MusicFeatures
import MusicTokens
import TestSupport
import Testing
import Training

/// Whether a critic could tell takes from real music by how they are cut.
@Suite struct EqualMusicTests {
  /// Stretches of real music that is given as takes, with and without a prompt, cannot be told from stretches of real
  /// music: only the music itself distinguishes takes.
  @Test(arguments: [(0, 896), (Cut.context, 352)]) func realMusicAsTakesIsNotRecognized(
    promptCount: Int, newTokens: Int
  ) throws {
    let data = try TrainingData(pieces: 19)
    // Pieces as long as takes at least.
    let music = RealMusic(data.dataset, data.dataset.pieces(.train).filter { $0.tokens > 1400 }, .equal)
    var generator = SplitMix64(seed: 8)
    let like = Take(tokens: Array(repeating: 0, count: promptCount + newTokens), promptCount: promptCount)
    let examples = (0..<3000).map { _ in
      var take = music.passage(like: like, using: &generator)
      // Ends of notes that started before the passage are no part of it.
      while take.tokens.count < like.tokens.count - 32 { take = music.passage(like: like, using: &generator) }
      let fake = Cut.stretch(
        of: take.tokens, take.place, after: take.promptCount, length: Cut.length, using: &generator)
      return (fake: features(fake), real: features(music.stretch(Cut.length, take.place, using: &generator)))
    }
    let known = examples.prefix(2000)
    let line = try LogisticRegression(
      known.map(\.real) + known.map(\.fake), areReal: known.map { _ in true } + known.map { _ in false }
    ).fit(penalty: 0.01)
    let area = try #require(
      CriticHeldOut.area(
        examples.dropFirst(2000).map { Double(line($0.fake)) }, examples.dropFirst(2000).map { Double(line($0.real)) }))
    #expect(abs(area - 0.5) < 0.03, "\(area)")
  }

  /// A prompt begins with the current level, of which a stretch of real music from anywhere may have no token: the level is
  /// unknown on both sides.
  @Test func theLevelOfAPromptIsUnknown() {
    let notes = (0..<200).flatMap { (index: UInt16) -> [UInt16] in [60 + index % 12, 271, 188 + index % 12, 261] }
    let tokens = [771] + notes
    var generator = SplitMix64(seed: 9)
    for start in [200, 256, 300] {
      for _ in 0..<20 {
        let stretch = Cut.stretch(of: tokens, from: start, length: Cut.length, using: &generator)
        #expect(stretch.start.level == nil && stretch.tokens == Array(tokens[start..<start + Cut.length]))
      }
    }
  }

  /// What cutting can change: the keyboard before the stretch, its edges, and its kinds of tokens.
  private func features(_ stretch: TokenWindow) -> [Float] {
    let start = stretch.start
    func kinds(_ tokens: some Collection<UInt16>) -> [Float] {
      [Token.noteOns, Token.noteOffs, Token.timeShifts, Token.velocityChanges].map { kind in
        Float(tokens.count { kind.contains($0) }) / Float(max(1, tokens.count))
      }
    }
    var sounding = start
    var silentEnds = 0
    for token in stretch.tokens {
      let isEnd = Token.noteOffs.contains(token)
      if isEnd, !sounding.isSounding(Int(token - Token.noteOffs.lowerBound)) { silentEnds += 1 }
      sounding.apply(token)
    }
    let ticks = stretch.tokens.reduce(0) { $0 + (Token.timeShifts.contains($1) ? Token.ticks(ofShift: $1) : 0) }
    let numbers = [
      stretch.tokens.count, start.sounding.count, (0..<128).count { start.ticksSinceOnset(of: $0) != nil },
      start.level.map(Int.init) ?? -1, sounding.sounding.count, silentEnds, ticks,
    ]
    return numbers.map(Float.init) + kinds(stretch.tokens) + kinds(stretch.tokens.prefix(1))
      + kinds(stretch.tokens.suffix(1)) + kinds(stretch.tokens.prefix(16))
  }
}
