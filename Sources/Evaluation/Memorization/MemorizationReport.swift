/// How much of the training set is repeated by samples, and for comparison by held-out music.
public struct MemorizationReport: Hashable, Sendable, Codable {
  /// The longest match of each sample, in notes; 0 if there is none.
  public var samples: Quantiles?
  /// The same for takes of held-out music.
  public var heldOut: Quantiles?
  /// The longest match over all samples, and the index of the sample.
  public var longest: NoteMatch?
  /// The index of the sample with the longest match.
  public var longestSample: Int?

  /// Computes the matches of samples and of held-out takes, which should have the same length, since longer music has
  /// longer matches.
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
