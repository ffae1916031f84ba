public import MusicCore
public import MusicTokens

/// Measures of a set of samples: grammar, silence, loops, similarity to real music, and memorization.
public struct SampleReport: Hashable, Sendable, Codable {
  /// The number of takes.
  public var samples: Int
  /// The durations of the takes, in seconds.
  public var seconds: Quantiles?
  /// The numbers of notes of the takes.
  public var notes: Quantiles?
  /// How well the takes keep to the grammar of tokens.
  public var grammar: GrammarReport
  /// The number of samples without a note.
  public var silent: Int
  /// The longest silence of each sample, in seconds.
  public var longestSilence: Quantiles?
  /// The share of samples with a loop.
  public var loopRate: Estimate?
  /// The longest loop of each sample that has one, by the index of the sample.
  public var loops: [Int: Loop]
  /// The distributions of features compared with real music.
  public var comparison: [SampleComparison]
  /// How much the takes repeat of the training data.
  public var memorization: MemorizationReport
}

/// Compares samples with real music.
///
/// ```swift
/// let judge = SampleJudge(reference: heldOut, training: training, length: Seconds(20))
/// let report = judge.report(samples)
/// ```
public struct SampleJudge: Sendable {
  /// How confidence intervals are computed.
  public var bootstrap = Bootstrap()
  private let reference: [[Take]]
  /// Excerpts of all training pieces.
  private let training: [Take]
  private let index: NoteIndex

  /// - Parameters:
  ///   - reference: held-out pieces.
  ///   - training: the pieces that the model was trained on.
  ///   - length: the approximate length of samples; real music is cut into excerpts of this length.
  public init(reference: [[Token]], training: [[Token]], length: Seconds) {
    let pieces = training.map { Take($0) }
    index = NoteIndex(pieces)
    self.training = pieces.flatMap { $0.excerpts(of: length) }
    self.reference = reference.map { Take($0).excerpts(of: length) }
  }

  /// The report of samples as generated, before any repairs.
  public func report(_ samples: [[Token]]) -> SampleReport {
    let decoded = samples.map { TokenDecoder().decoding($0) }
    let takes = decoded.map { Take($0) }
    let grammars = zip(samples, decoded).map { GrammarReport($0, decoded: $1) }
    let loops = takes.map { Loop.longest(in: $0.notes) }
    return SampleReport(
      samples: samples.count,
      seconds: Quantiles(takes.map(\.duration.rawValue)),
      notes: Quantiles(takes.map { Double($0.notes.count) }),
      grammar: grammars.sum,
      silent: takes.count(where: \.notes.isEmpty),
      longestSilence: Quantiles(takes.map { Silence($0).longest.rawValue }),
      loopRate: bootstrap.mean(loops.map { $0 == nil ? 0 : 1 }),
      loops: Dictionary(
        uniqueKeysWithValues: loops.enumerated().compactMap { index, loop in loop.map { (index, $0) } }),
      comparison: SampleComparison.all(
        takes, training: trainingTakes(takes.count), reference: reference, seed: bootstrap.seed),
      memorization: MemorizationReport(samples: takes, heldOut: reference.flatMap(\.self), index: index))
  }

  /// Random excerpts, every second of music equally likely, as in training and in the reference.
  private func trainingTakes(_ count: Int) -> [Take] {
    var generator = SplitMix64(seed: bootstrap.seed)
    return Array(training.shuffled(using: &generator).prefix(count))
  }
}

extension Sequence<GrammarReport> {
  /// The sum of the reports.
  public var sum: GrammarReport { reduce(GrammarReport(), +) }
}
