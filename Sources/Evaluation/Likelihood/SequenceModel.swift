internal import Glibc

/// A model that assigns a probability to each symbol of a passage, given the symbols before it.
public protocol SequenceModel: Sendable {
  /// The natural logarithm of the probability of each symbol: of each token, then of the end if the passage has one.
  func logProbabilities(of passage: Passage) -> [Double]
}

extension SequenceModel {
  /// The likelihood of a passage.
  public func likelihood(of passage: Passage) -> Likelihood {
    Likelihood(nats: -logProbabilities(of: passage).reduce(0, +), of: passage)
  }

  /// The total likelihood of passages, each from its own beginning.
  public func likelihood(of passages: some Sequence<Passage>) -> Likelihood {
    passages.lazy.map(likelihood(of:)).sum
  }
}

/// The uniform distribution over all symbols.
public struct UniformModel: SequenceModel {
  /// Creates the model.
  public init() {}

  /// The log probability of each symbol of a passage, in nats.
  public func logProbabilities(of passage: Passage) -> [Double] {
    Array(repeating: -log(Double(Alphabet.size)), count: passage.predictionCount)
  }
}

/// A unigram model.
public struct UnigramModel: SequenceModel {
  private let logProbabilities: [Double]

  /// Counts the symbols of passages, with add-one (Laplace) smoothing.
  public init(_ passages: some Sequence<Passage>) {
    var counts = Array(repeating: 1, count: Alphabet.size)
    for passage in passages {
      for symbol in passage.symbols { counts[Int(symbol)] += 1 }
    }
    let total = Double(counts.reduce(0, +))
    logProbabilities = counts.map { log(Double($0) / total) }
  }

  /// The log probability of each symbol of a passage, in nats.
  public func logProbabilities(of passage: Passage) -> [Double] {
    passage.symbols.map { logProbabilities[Int($0)] }
  }
}
