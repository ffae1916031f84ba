internal import Glibc
internal import MusicCore

/// Gradient-boosted regression trees for two classes, with logistic loss (Friedman, "Greedy Function Approximation",
/// 2001; leaf values and gains with second derivatives as in Chen & Guestrin, KDD 2016).
///
/// Trees are few and shallow, since there are only some hundred excerpts, and each is trained on a random subset of
/// excerpts and features (Friedman, "Stochastic Gradient Boosting", 2002).
package struct BoostedTrees: Sendable {
  /// Hyperparameters of the trees.
  package struct Settings: Sendable {
    var trees = 80
    var depth = 3
    var learningRate = 0.1
    /// The shares of samples and of features that each tree is trained on.
    var sampleShare = 0.7
    var featureShare = 0.5
    /// The minimum number of samples in a leaf.
    var leafSize = 5
    /// The L2 regularization, added to the second derivative of a leaf; a sample at even odds contributes 1/4.
    var regularization = 1.0

    package init() {}
  }

  private(set) var trees: [RegressionTree] = []
  /// The total reduction of the loss by each feature.
  package private(set) var gains: [Double]

  /// Trains on two classes, which are weighted equally whatever their sizes.
  ///
  /// - Complexity: O(trees · depth · features · n + features · n log n).
  /// - Parameters:
  ///   - samples: the features of each sample.
  ///   - isSecond: whether each sample belongs to the second class.
  package init(_ samples: [[Double]], isSecond: [Bool], settings: Settings = Settings(), seed: UInt64) {
    let features = samples.first?.count ?? 0
    gains = Array(repeating: 0, count: features)
    let second = isSecond.count(where: \.self)
    guard second > 0, second < samples.count else { return }
    let count = Double(samples.count)
    let weights = isSecond.map { count / 2 / Double($0 ? second : samples.count - second) }
    // The order of samples by each feature.
    let orders = (0..<features).map { feature in
      samples.indices.sorted { (samples[$0][feature], $0) < (samples[$1][feature], $1) }
    }
    var generator = SplitMix64(seed: seed)
    var scores = Array(repeating: 0.0, count: samples.count)
    for _ in 0..<settings.trees {
      var chosen = Array(samples.indices)
      chosen.shuffle(with: &generator)
      var isChosen = Array(repeating: false, count: samples.count)
      for sample in chosen.prefix(Int(count * settings.sampleShare)) { isChosen[sample] = true }
      var columns = Array(0..<features)
      columns.shuffle(with: &generator)
      columns = columns.prefix(max(1, Int(Double(features) * settings.featureShare))).sorted()
      var derivatives = (first: scores, second: scores)
      for sample in samples.indices {
        let probability = 1 / (1 + exp(-scores[sample]))
        let weight = isChosen[sample] ? weights[sample] : 0
        derivatives.first[sample] = weight * ((isSecond[sample] ? 1 : 0) - probability)
        derivatives.second[sample] = weight * probability * (1 - probability)
      }
      let tree = RegressionTree(
        samples, isUsed: isChosen, orders: columns.map { ($0, orders[$0]) }, slope: derivatives.first,
        curvature: derivatives.second, settings: settings, gains: &gains)
      for sample in samples.indices { scores[sample] += settings.learningRate * tree.value(of: samples[sample]) }
      trees.append(tree)
    }
    learningRate = settings.learningRate
  }

  private var learningRate = 0.1

  /// The log odds that a sample belongs to the second class.
  package func score(of sample: [Double]) -> Double {
    trees.reduce(0) { $0 + learningRate * $1.value(of: sample) }
  }
}
