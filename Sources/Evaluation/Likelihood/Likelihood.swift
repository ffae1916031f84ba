internal import Glibc
public import MusicCore
internal import MusicTokens

/// The negative log likelihood of some music under a model, and the counts to normalize it by.
///
/// Likelihoods of passages can be added to that of a piece, and those of pieces to that of a set.
public struct Likelihood: Hashable, Sendable, Codable {
  /// The negative natural logarithm of the probability of the music.
  public var nats: Double
  /// The number of predictions: tokens and ends of pieces.
  public var tokens: Int
  /// The number of notes.
  public var notes: Int
  /// The duration of the music.
  public var seconds: Seconds

  /// The likelihood of no music.
  public static let zero = Likelihood(nats: 0, tokens: 0, notes: 0, seconds: .zero)

  /// Creates a likelihood.
  public init(nats: Double, tokens: Int, notes: Int, seconds: Seconds) {
    self.nats = nats
    self.tokens = tokens
    self.notes = notes
    self.seconds = seconds
  }

  /// Creates the likelihood of a passage from its nats.
  public init(nats: Double, of passage: Passage) {
    self.init(
      nats: nats, tokens: passage.predictionCount, notes: passage.noteCount,
      seconds: passage.duration.seconds)
  }

  /// Nil if nothing was predicted.
  public var natsPerToken: Double? { tokens > 0 ? nats / Double(tokens) : nil }
  /// Nil if no note was predicted.
  public var natsPerNote: Double? { notes > 0 ? nats / Double(notes) : nil }
  /// Nil if no time passed.
  public var bitsPerSecond: Double? { seconds > .zero ? nats / M_LN2 / seconds.rawValue : nil }

  public static func + (a: Likelihood, b: Likelihood) -> Likelihood {
    Likelihood(
      nats: a.nats + b.nats, tokens: a.tokens + b.tokens, notes: a.notes + b.notes, seconds: a.seconds + b.seconds)
  }
}

extension Sequence<Likelihood> {
  /// The total likelihood.
  public var sum: Likelihood { reduce(.zero, +) }
}
