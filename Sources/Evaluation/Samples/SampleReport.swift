public import MusicCore
public import MusicTokens

/// What a set of samples is like: whether it is music at all, how like real music, and how much of it is remembered.
public struct SampleReport: Hashable, Sendable, Codable {
  public var samples: Int
  public var seconds: Quantiles?
  public var notes: Quantiles?
  public var grammar: GrammarReport
  /// Samples without a note.
  public var silent: Int
  /// The longest silence of each sample, in seconds.
  public var longestSilence: Quantiles?
  /// The share of samples with a loop.
  public var loopRate: Estimate?
  /// The longest loop of each sample that has one, by the index of the sample.
  public var loops: [Int: Loop]
  public var comparison: [SampleComparison]
  public var memorisation: MemorisationReport
}

/// Judges samples by real music.
///
/// ```swift
/// let judge = SampleJudge(reference: heldOut, training: training, length: Seconds(20))
/// let report = judge.report(samples)
/// ```
public struct SampleJudge: Sendable {
  public var bootstrap = Bootstrap()
  private let reference: [[Take]]
  /// Excerpts of all pieces.
  private let training: [Take]
  private let index: NoteIndex

  /// - Parameters:
  ///   - reference: held-out pieces.
  ///   - training: the pieces that the model learnt from.
  ///   - length: how long samples are, about; real music is cut into excerpts of it.
  public init(reference: [[Token]], training: [[Token]], length: Seconds) {
    let pieces = training.map { Take($0) }
    index = NoteIndex(pieces)
    self.training = pieces.flatMap { $0.excerpts(of: length) }
    self.reference = reference.map { Take($0).excerpts(of: length) }
  }

  /// The report of samples as a model wrote them, before anything was repaired.
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
      memorisation: MemorisationReport(samples: takes, heldOut: reference.flatMap(\.self), index: index))
  }

  /// Excerpts at random, each second of music as probable as any other: so the model learns, and so the reference is cut.
  private func trainingTakes(_ count: Int) -> [Take] {
    var generator = SplitMix64(seed: bootstrap.seed)
    return Array(training.shuffled(using: &generator).prefix(count))
  }
}

extension Sequence<GrammarReport> {
  /// The report of all streams together.
  public var sum: GrammarReport { reduce(GrammarReport(), +) }
}
