import ModelFormat
import MusicFeatures
import Tensors
import TestSupport
import Testing
import VAEGAN

struct PerceptualLossTests {
  init() throws { try Runtime.setThreadCount(1) }

  private func music(_ tokens: [UInt16]) throws -> CriticInput {
    let windows = stride(from: 0, to: tokens.count - 256, by: 256).map {
      TokenWindow(of: tokens, from: $0, count: 256, context: $0)
    }
    return try CriticInput(windows, multiple: 256)
  }

  private func penalties(_ tokens: [UInt16]) throws -> [Double] {
    try PerceptualLoss(on: .cpu).penalties(of: music(tokens)).all.map { try $0.mean().item() }
  }

  /// Keys are replaced consistently, so that each note still ends.
  private func replacingKeys(_ tokens: [UInt16], _ new: (UInt16) -> UInt16) -> [UInt16] {
    tokens.map { $0 < 128 ? new($0) : $0 < 256 ? new($0 - 128) + 128 : $0 }
  }

  /// A chorale is better than itself with irregular onsets in rhythm, than itself with its lower voices a semitone down
  /// in harmony, and than itself with its keys permuted in melody.
  @Test(arguments: ["bach-aus-meines-herzens-grunde", "greensleeves"])
  func musicIsBetterThanItsCorruption(name: String) throws {
    let tokens = try corpusTokens(name)
    var generator = SeededGenerator(seed: 5)
    let jittered = tokens.map { token in
      (256..<768).contains(token)
        ? UInt16(min(767, max(256, Int(token) + Int.random(in: -4...4, using: &generator)))) : token
    }
    let lowered = replacingKeys(tokens) { $0 < 62 ? $0 - 1 : $0 }
    let keys = Set(tokens.filter { $0 < 128 }).sorted()
    let shuffled = Dictionary(uniqueKeysWithValues: zip(keys, keys.shuffled(using: &generator)))
    let permuted = replacingKeys(tokens) { shuffled[$0] ?? $0 }
    let original = try penalties(tokens)
    for (index, corrupted) in [jittered, lowered, permuted].enumerated() {
      let worse = try penalties(corrupted)
      #expect(worse[index] > original[index] * 1.2, "\(index): \(original) and \(worse)")
    }
    #expect(original.allSatisfy { (0...1).contains($0) })
  }

  /// Silence has the largest penalties, since it would otherwise be the easiest way to have none.
  @Test func silenceHasNoAdvantage() throws {
    let silence = try penalties(Array(repeating: 300, count: 600))
    #expect(silence.allSatisfy { $0 > 0.99 })
  }

  /// Music compared with itself has no loss, and other music has.
  @Test func equalMusicHasNoLoss() throws {
    let loss = try PerceptualLoss(on: .cpu)
    let (piece, other) = (
      try music(corpusTokens("bach-aus-meines-herzens-grunde")), try music(corpusTokens("joplin-the-entertainer"))
    )
    #expect(try abs(loss(real: piece, fake: piece).item()) < 1e-6)
    #expect(try loss(real: piece, fake: other).item() > 0.1)
  }

  /// A grid of equal onsets is regular at any tempo, and random onsets are not.
  @Test(arguments: [7, 8, 13, 32, 45])
  func regularOnsetsHaveNoPenalty(period: Int) throws {
    func notes(_ interval: () -> Int) -> [UInt16] {
      (0..<130).flatMap { _ -> [UInt16] in [60, 188, UInt16(255 + interval())] }
    }
    #expect(try penalties(notes { period })[0] < 0.06)
    var generator = SeededGenerator(seed: 2)
    #expect(try penalties(notes { Int.random(in: 4...2 * period, using: &generator) })[0] > 0.25)
  }
}
