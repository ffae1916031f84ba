/// How much of a training set samples repeat, beside how much of it music repeats that a model never saw.
public struct MemorisationReport: Hashable, Sendable, Codable {
  /// The longest match of each sample, in notes; none counts 0.
  public var samples: Quantiles?
  /// The same of takes of held-out music.
  public var heldOut: Quantiles?
  /// The longest match of all samples, and whose it is.
  public var longest: NoteMatch?
  public var longestSample: Int?

  /// The matches of samples and of held-out takes, which should be of one length: long music has longer matches.
  public init(samples: [Take], heldOut: [Take], index: NoteIndex) {
    let matches = samples.map(index.longestMatch(of:))
    self.samples = Quantiles(matches.map { Double($0?.notes ?? 0) })
    self.heldOut = Quantiles(heldOut.map { Double(index.longestMatch(of: $0)?.notes ?? 0) })
    longestSample = matches.indices.filter { matches[$0] != nil }.max {
      (matches[$0]?.notes ?? 0, -$0) < (matches[$1]?.notes ?? 0, -$1)
    }
    longest = longestSample.flatMap { matches[$0] }
  }
}
