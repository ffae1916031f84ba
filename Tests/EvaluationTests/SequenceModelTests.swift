import Evaluation
import Foundation
import MusicCore
import MusicTokens
import TestSupport
import Testing

@Suite("Baselines") struct SequenceModelTests {
  private static func passages(_ count: Int, length: Int, kinds: Int, seed: UInt64) -> [Passage] {
    (0..<count).map {
      Passage(randomTokens(length, kinds: kinds, seed: seed &* 1000 + UInt64($0)), endsPiece: $0.isMultiple(of: 2))
    }
  }

  @Test("the uniform model needs ln 775 nats a token") func uniform() {
    let passage = Passage(randomTokens(20, kinds: 5, seed: 1), endsPiece: true)
    #expect(UniformModel().likelihood(of: passage).tokens == 21)
    #expect(abs((UniformModel().likelihood(of: passage).natsPerToken ?? 0) - 6.652863) < 1e-6)
  }

  @Test("the unigram model needs the entropy of its data") func unigram() {
    // Probabilities 1/2, 1/4 and 1/4: 1.5 bits.
    let tokens = (0..<40_000).compactMap { Token(rawValue: [60, 60, 188, 300][$0 % 4]) }
    let passage = Passage(tokens, endsPiece: false)
    let model = UnigramModel([passage])
    let nats = model.likelihood(of: passage).natsPerToken ?? 0
    // The pseudo-counts of Laplace smoothing cost about ln(1 + 775 / 40 000).
    #expect(abs(nats - 1.5 * log(2) - log(1 + 775.0 / 40_000)) < 1e-3)
    let unseen = model.logProbabilities(of: Passage([.noteOn(Pitch(masking: 1))], endsPiece: true))
    #expect(unseen.allSatisfy { abs($0 - log(1 / 40_775.0)) < 1e-12 })
  }

  @Test("Kneser-Ney by hand") func byHand() {
    // For a b a c the continuation counts are 2, 1 and 1: too few to estimate discounts, so ½ and 1 are used.
    let (a, b, c, d) = (Token(rawValue: 0)!, Token(rawValue: 1)!, Token(rawValue: 2)!, Token(rawValue: 3)!)
    let model = KneserNeyModel([Passage([a, b, a, c], endsPiece: false)], order: 2)
    let base = 0.5 / 775
    let (pa, pb) = (1.0 / 4 + base, 0.5 / 4 + base)
    #expect(model.is([a], [0.5 + 0.5 * pa]))
    #expect(model.is([a, b], [0.5 + 0.5 * pa, 0.25 + 0.5 * pb]))
    #expect(model.is([a, b, a, c], [0.5 + 0.5 * pa, 0.25 + 0.5 * pb, 0.5 + 0.5 * pa, 0.25 + 0.5 * pb]))
    #expect(model.is([a, d], [0.5 + 0.5 * pa, 0.5 * base]))
    // After a context that was never continued, unigrams decide.
    #expect(model.is([a, c, b], [0.5 + 0.5 * pa, 0.25 + 0.5 * pb, pb]))
  }

  @Test("Kneser-Ney agrees with the formula", arguments: [1, 2, 3, 5, 6], [UInt64(1), 2, 3])
  func reference(order: Int, seed: UInt64) {
    let training = Self.passages(6, length: 150, kinds: 2 + Int(seed), seed: seed)
    let model = KneserNeyModel(training, order: order)
    let reference = ReferenceKneserNey(training, order: order)
    for passage in Self.passages(4, length: 40, kinds: 4 + Int(seed), seed: seed + 100) + training.prefix(1) {
      for (ours, theirs) in zip(model.logProbabilities(of: passage), reference.logProbabilities(of: passage)) {
        #expect(abs(ours - theirs) < 1e-9)
      }
    }
  }

  @Test("the data of these tests has estimated and default discounts") func referenceDiscounts() {
    let estimated = [UInt64(1), 2, 3].map {
      ReferenceKneserNey(Self.passages(6, length: 150, kinds: 2 + Int($0), seed: $0), order: 5).estimated
    }
    #expect(Set(estimated.joined()).count >= 2)
    #expect(estimated.joined().count < 15)
  }

  @Test("probabilities sum to one", arguments: 1...6) func sum(order: Int) {
    for (seed, count) in [(UInt64(1), 8), (2, 1), (3, 0)] {
      let model = KneserNeyModel(Self.passages(count, length: 200, kinds: 6, seed: seed), order: order)
      var generator = SeededGenerator(seed: seed)
      for length in 0..<12 {
        let seen = Self.passages(1, length: length, kinds: 6, seed: seed)[0].tokens
        let unseen = (0..<length).compactMap { _ in Token(rawValue: UInt16.random(in: 0..<774, using: &generator)) }
        for context in [seen, unseen, Array(unseen.dropLast(2)) + seen.suffix(2)] {
          let distribution = model.distribution(after: Passage(context, endsPiece: false))
          #expect(distribution.count == 775)
          #expect(abs(distribution.reduce(0, +) - 1) < 1e-12)
          #expect(distribution.allSatisfy { $0 > 0 })
        }
      }
    }
  }

  @Test("Kneser-Ney approaches the entropy of a Markov chain") func chain() {
    // Each symbol has two successors, with 0.9 and 0.1.
    var generator = SeededGenerator(seed: 5)
    func walk(_ count: Int) -> Passage {
      var symbol: UInt16 = 0
      let tokens = (0..<count).compactMap { _ -> Token? in
        symbol = (symbol * 3 + (Double.random(in: 0..<1, using: &generator) < 0.9 ? 1 : 2)) % 97
        return Token(rawValue: symbol)
      }
      return Passage(tokens, endsPiece: false)
    }
    let model = KneserNeyModel([walk(60_000)])
    let entropy = -0.9 * log(0.9) - 0.1 * log(0.1)
    let nats = model.likelihood(of: walk(20_000)).natsPerToken ?? 0
    #expect(nats > entropy * 0.97)
    #expect(nats < entropy * 1.06)
  }

  @Test("likelihoods add up, and divide by tokens, notes and seconds") func likelihood() {
    let passage = Passage(tokens("VELOCITY_CHANGE mf,NOTE_ON 60,TIME_SHIFT 64,NOTE_OFF 60,NOTE_ON 62"), endsPiece: true)
    let one = Likelihood(nats: 12, of: passage)
    #expect(one == Likelihood(nats: 12, tokens: 6, notes: 2, seconds: Seconds(1)))
    let sum = [one, Likelihood(nats: 4, tokens: 2, notes: 0, seconds: Seconds(3))].sum
    #expect(sum.natsPerToken == 2)
    #expect(sum.natsPerNote == 8)
    #expect(abs((sum.bitsPerSecond ?? 0) - 16 / log(2) / 4) < 1e-12)
    #expect(Likelihood.zero.natsPerToken == nil && Likelihood.zero.natsPerNote == nil)
    #expect(Likelihood.zero.bitsPerSecond == nil)
  }

  @Test("reports of several models are comparable") func report() throws {
    let training = Self.passages(10, length: 300, kinds: 3, seed: 1)
    let pieces = (0..<8).map { Self.passages(2, length: 60, kinds: 3, seed: 50 + UInt64($0)) }
    let uniforms = pieces.map { UniformModel().likelihood(of: $0) }
    let unigrams = pieces.map { UnigramModel(training).likelihood(of: $0) }
    let report = LikelihoodReport(unigrams)
    let unigram = try #require(report.natsPerToken)
    let uniform = try #require(LikelihoodReport(uniforms).natsPerToken)
    #expect(unigram.low < unigram.value && unigram.value < unigram.high)
    #expect(abs(uniform.high - uniform.low) < 1e-9)
    #expect(unigram.high < uniform.low)
    #expect(report.total.tokens == pieces.flatMap(\.self).reduce(0) { $0 + $1.predictionCount })
    let difference = try #require(LikelihoodReport.difference(unigrams, from: uniforms))
    #expect(abs(difference.value - (unigram.value - uniform.value)) < 1e-9)
    #expect(abs(difference.low - (unigram.low - uniform.value)) < 1e-9)
  }
}

extension KneserNeyModel {
  fileprivate func `is`(_ tokens: [Token], _ probabilities: [Double]) -> Bool {
    let found = logProbabilities(of: Passage(tokens, endsPiece: false))
    return found.count == probabilities.count && zip(found, probabilities).allSatisfy { abs(exp($0) - $1) < 1e-12 }
  }
}

/// Modified Kneser-Ney smoothing by the formulas of Chen & Goodman (1999), on dictionaries of all n-grams.
struct ReferenceKneserNey {
  private static let begin = -1
  private let order: Int
  private var counts: [[[Int]: Int]] = []
  private var discounts: [[Double]] = []
  /// The lengths of n-grams whose discounts were estimated.
  private(set) var estimated: [Int] = []

  init(_ passages: [Passage], order: Int) {
    self.order = order
    let sequences = passages.map { [Self.begin] + Self.symbols(of: $0) }
    for length in 1...order {
      var counts: [[Int]: Int] = [:]
      var predecessors: [[Int]: Set<Int>] = [:]
      for sequence in sequences {
        for end in 1..<max(1, sequence.count) where end - length + 1 >= 0 {
          let start = end - length + 1
          let ngram = Array(sequence[start...end])
          if length == order || start == 0 {
            counts[ngram, default: 0] += 1
          } else {
            predecessors[ngram, default: []].insert(sequence[start - 1])
          }
        }
      }
      for (ngram, before) in predecessors { counts[ngram] = before.count }
      self.counts.append(counts)
      let n = (0...4).map { r in Double(counts.values.count { $0 == r }) }
      let y = n[1] / (n[1] + 2 * n[2])
      let d = [1 - 2 * y * n[2] / n[1], 2 - 3 * y * n[3] / n[2], 3 - 4 * y * n[4] / n[3]]
      let isSound = n[1] > 0 && n[2] > 0 && n[3] > 0 && n[4] > 0 && d[0] >= 0 && d[1] >= 0 && d[2] >= 0
      if isSound { estimated.append(length) }
      discounts.append(isSound ? d : [0.5, 1, 1.5])
    }
  }

  private static func symbols(of passage: Passage) -> [Int] {
    passage.tokens.map { Int($0.rawValue) } + (passage.endsPiece ? [774] : [])
  }

  func logProbabilities(of passage: Passage) -> [Double] {
    let sequence = [Self.begin] + Self.symbols(of: passage)
    return (1..<sequence.count).map {
      log(probability(of: sequence[$0], after: Array(sequence[max(0, $0 - order + 1)..<$0])))
    }
  }

  private func probability(of symbol: Int, after context: [Int]) -> Double {
    let lower = context.isEmpty ? 1.0 / 775 : probability(of: symbol, after: Array(context.dropFirst()))
    let discounts = discounts[context.count]
    let followers = counts[context.count].filter { $0.key.dropLast() == context[...] }
    let total = followers.values.reduce(0, +)
    guard total > 0 else { return lower }
    let freed = followers.values.reduce(0) { $0 + discounts[min($1, 3) - 1] }
    let count = followers[context + [symbol]] ?? 0
    let seen = count > 0 ? Double(count) - discounts[min(count, 3) - 1] : 0
    return (seen + freed * lower) / Double(total)
  }
}
