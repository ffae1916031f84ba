internal import Glibc

/// What gives a probability to each symbol of a passage, from what stands before it in the passage.
public protocol SequenceModel: Sendable {
  /// The natural logarithm of the probability of each symbol: of each token, then of the end where the passage has one.
  func logProbabilities(of passage: Passage) -> [Double]
}

extension SequenceModel {
  /// How well the model predicts a passage.
  public func likelihood(of passage: Passage) -> Likelihood {
    Likelihood(nats: -logProbabilities(of: passage).reduce(0, +), of: passage)
  }

  /// How well the model predicts passages, each from its own beginning.
  public func likelihood(of passages: some Sequence<Passage>) -> Likelihood {
    passages.lazy.map(likelihood(of:)).sum
  }
}

/// The model that knows nothing: all symbols are equally likely.
public struct UniformModel: SequenceModel {
  public init() {}

  public func logProbabilities(of passage: Passage) -> [Double] {
    Array(repeating: -log(Double(Alphabet.size)), count: passage.predictionCount)
  }
}

/// The model that knows how frequent each symbol is, and nothing of its surroundings.
public struct UnigramModel: SequenceModel {
  private let logProbabilities: [Double]

  /// Counts the symbols of passages. Each counts one more than it was seen (Laplace), so that nothing is impossible.
  public init(_ passages: some Sequence<Passage>) {
    var counts = Array(repeating: 1, count: Alphabet.size)
    for passage in passages {
      for symbol in passage.symbols { counts[Int(symbol)] += 1 }
    }
    let total = Double(counts.reduce(0, +))
    logProbabilities = counts.map { log(Double($0) / total) }
  }

  public func logProbabilities(of passage: Passage) -> [Double] {
    passage.symbols.map { logProbabilities[Int($0)] }
  }
}
