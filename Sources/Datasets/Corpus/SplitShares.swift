/// The shares of works that are held out where neither a manifest nor a folder name assigns splits.
package struct SplitShares: Hashable, Sendable {
  package var valid: Double
  package var test: Double

  package init(valid: Double = 0, test: Double = 0) { (self.valid, self.test) = (valid, test) }

  /// The split of a work, by a hash of its name: the share of test works does not affect which works are in `valid`.
  package func split(ofWork name: String) -> Split {
    let place = Split.share(of: name)
    return place < valid ? .valid : place >= 1 - test ? .test : .train
  }

  /// The requested share of a split.
  package subscript(split: Split) -> Double {
    switch split {
    case .train: 1 - valid - test
    case .valid: valid
    case .test: test
    }
  }
}
