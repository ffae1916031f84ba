/// A regression tree: thresholds on features, and a value in each leaf.
struct RegressionTree: Sendable {
  private var nodes: [Node] = []

  private struct Node {
    var feature = 0
    /// Samples below it go to the left child.
    var threshold = 0.0
    /// The left child; the right child follows it. Nil in a leaf.
    var left: Int?
    var value = 0.0
  }

  private struct Split {
    var feature: Int
    var threshold: Double
    var gain: Double
  }

  /// Grows a tree level by level.
  ///
  /// - Parameters:
  ///   - isUsed: which samples are used.
  ///   - orders: the features that may be used, each with the order of all samples by its value.
  ///   - slope: the negative first derivative of the loss with respect to the score of each sample; zero for samples
  ///     that are not used.
  ///   - curvature: the second derivative.
  ///   - gains: the gain of each split is added to that of its feature.
  init(
    _ samples: [[Double]], isUsed: [Bool], orders: [(feature: Int, order: [Int])], slope: [Double],
    curvature: [Double], settings: BoostedTrees.Settings, gains: inout [Double]
  ) {
    var node = isUsed.map { $0 ? 0 : -1 }
    nodes = [Node()]
    var level = 0..<1
    for depth in 0...settings.depth {
      var totals = Array(repeating: Sums(), count: level.count)
      for sample in node.indices where level.contains(node[sample]) {
        totals[node[sample] - level.lowerBound].add(slope[sample], curvature[sample])
      }
      for index in level {
        nodes[index].value = totals[index - level.lowerBound].value(settings.regularization)
      }
      guard depth < settings.depth else { break }
      var best = Array(repeating: Split?.none, count: level.count)
      for (feature, order) in orders {
        var left = Array(repeating: Sums(), count: level.count)
        var last = Array(repeating: 0.0, count: level.count)
        for sample in order where level.contains(node[sample]) {
          let place = node[sample] - level.lowerBound
          let value = samples[sample][feature]
          let right = totals[place] - left[place]
          if value > last[place], left[place].count >= settings.leafSize, right.count >= settings.leafSize {
            let gain =
              left[place].gain(settings.regularization) + right.gain(settings.regularization)
              - totals[place].gain(settings.regularization)
            if gain > best[place]?.gain ?? 1e-9 {
              best[place] = Split(feature: feature, threshold: (value + last[place]) / 2, gain: gain)
            }
          }
          left[place].add(slope[sample], curvature[sample])
          last[place] = value
        }
      }
      let first = nodes.count
      for index in level {
        guard let split = best[index - level.lowerBound] else { continue }
        gains[split.feature] += split.gain
        (nodes[index].feature, nodes[index].threshold, nodes[index].left) = (
          split.feature, split.threshold, nodes.count
        )
        nodes += [Node(), Node()]
      }
      for sample in node.indices where level.contains(node[sample]) {
        let parent = nodes[node[sample]]
        guard let left = parent.left else { continue }
        node[sample] = samples[sample][parent.feature] < parent.threshold ? left : left + 1
      }
      level = first..<nodes.count
      if level.isEmpty { break }
    }
  }

  /// The value of the leaf that a sample falls into.
  func value(of sample: [Double]) -> Double {
    var node = nodes[0]
    while let left = node.left { node = nodes[sample[node.feature] < node.threshold ? left : left + 1] }
    return node.value
  }

  /// Sums of derivatives over samples.
  private struct Sums {
    var slope = 0.0
    var curvature = 0.0
    var count = 0

    mutating func add(_ slope: Double, _ curvature: Double) {
      self.slope += slope
      self.curvature += curvature
      count += 1
    }

    static func - (total: Sums, part: Sums) -> Sums {
      Sums(
        slope: total.slope - part.slope, curvature: total.curvature - part.curvature,
        count: total.count - part.count)
    }

    func value(_ regularization: Double) -> Double { slope / (curvature + regularization) }
    func gain(_ regularization: Double) -> Double { slope * slope / (curvature + regularization) }
  }
}
