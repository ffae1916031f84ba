import Layers
import ModelFormat
import MusicFeatures
import Tensors
import TestSupport
import Testing
import VAEGAN

/// What each tower learns to recognize: music whose order is destroyed within its window.
@Suite(.serialized) struct CorruptionTests {
  /// Music in which blocks of tokens are shuffled within windows.
  struct Corruption: CustomTestStringConvertible, Sendable {
    let block: Int
    let window: Int
    let scale: Configuration.Level
    var testDescription: String { "blocks of \(block) in windows of \(window)" }

    func callAsFunction(_ stretch: TokenWindow, using generator: inout SeededGenerator) -> TokenWindow {
      var result = stretch
      result.tokens = stride(from: 0, to: stretch.tokens.count, by: window).flatMap { first in
        let blocks = stride(from: first, to: first + window, by: block).map { stretch.tokens[$0..<$0 + block] }
        var shuffled = blocks.shuffled(using: &generator)
        while shuffled.map(\.startIndex) == blocks.map(\.startIndex) { shuffled.shuffle(using: &generator) }
        return shuffled.joined()
      }
      return result
    }
  }

  private static let pieces = [
    "bach-invention-13", "joplin-the-entertainer", "clementi-sonatina-op36-1", "burgmuller-arabesque", "korobeiniki",
    "bach-prelude-in-c", "brahms-waltz-a-flat", "beethoven-fur-elise",
  ]
  private static let heldOut = ["maple-leaf-rag", "bach-contrapunctus-1", "mozart-sonata-k331-theme"]

  private func stretches(_ names: [String], _ count: Int, using generator: inout SeededGenerator) throws
    -> [TokenWindow]
  {
    let pieces = try names.map(corpusTokens).filter { $0.count > 300 }
    return (0..<count).map { _ in
      let tokens = pieces[Int.random(in: 0..<pieces.count, using: &generator)]
      let start = Int.random(in: 0...tokens.count - 256, using: &generator)
      let stretch = TokenWindow(of: tokens, from: start, count: 256, context: start)
      return stretch.transposed(by: Int.random(in: -5...6, using: &generator))
    }
  }

  /// A critic trained for a short time on one kind of corruption recognizes it in other pieces, with the tower of its
  /// scale.
  @Test(arguments: [
    Corruption(block: 1, window: 32, scale: .local), Corruption(block: 32, window: 128, scale: .phrase),
    Corruption(block: 128, window: 256, scale: .global),
  ])
  func eachScaleHearsItsCorruption(corruption: Corruption) throws {
    try Runtime.setThreadCount(1)
    var numbers = SeededGenerator(seed: 3)
    let critic = try Discriminator(
      CriticConfiguration(width: 32, heads: 2, feedForward: 64), generator: Generator(seed: 1))
    let optimizer = try AdamW(critic.parameters.parameters)
    func hear(_ stretches: [TokenWindow]) throws -> CriticOutput { try critic(CriticInput(stretches, multiple: 256)) }
    for _ in 0..<60 {
      let music = try stretches(Self.pieces, 8, using: &numbers)
      let corrupted = music.map { corruption($0, using: &numbers) }
      try critic.updateNorms()
      try optimizer.clearGradients()
      try AdversarialLoss.crossEntropy.ofCritic(real: hear(music), fake: hear(corrupted)).backward()
      try optimizer.step(learningRate: 4e-3)
    }
    let music = try stretches(Self.heldOut, 40, using: &numbers)
    let corrupted = music.map { corruption($0, using: &numbers) }
    let outputs = try Gradients.unrecorded { (try hear(music), try hear(corrupted)) }
    for scale in Configuration.Level.allCases {
      let (real, fake) = (try outputs.0.scales[scale].mean.floats(), try outputs.1.scales[scale].mean.floats())
      let wins = real.reduce(0) { sum, r in sum + fake.count { r > $0 } }
      let area = Double(wins) / Double(real.count * fake.count)
      if scale == corruption.scale { #expect(area >= 0.8, "\(scale): \(area)") }
    }
  }
}
