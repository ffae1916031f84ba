internal import Text

/// The curves of a run in columns, subsampled to what a page can show.
struct CurveData: Encodable {
  var title: String
  var subtitle: String
  var facts: [Fact]
  var training: Columns
  var validation: Columns
  var total: Place

  struct Fact: Encodable, Hashable {
    var name: String
    var value: String
    var note: String
  }

  /// The progress of the run at a point.
  struct Place: Encodable {
    var step: Int
    var tokens: Int
    var seconds: Double
  }

  /// Values of named curves at the same points.
  struct Columns: Encodable {
    var step: [Int] = []
    var tokens: [Int] = []
    var seconds: [Double] = []
    /// One value per point, nil if a curve has none there.
    var values: [String: [Double?]] = [:]
  }

  /// The maximum number of points; a screen has no more columns to show.
  private static let most = 1200

  init(title: String, subtitle: String, lines: [MetricsLine]) {
    self.title = title
    self.subtitle = subtitle
    let last = lines.last
    total = Place(step: last?.step ?? 0, tokens: last?.tokens ?? 0, seconds: last?.seconds ?? 0)
    training = Self.columns(lines.filter { $0.training != nil }, Self.trainingValues)
    validation = Self.columns(lines.filter { $0.validation != nil }) { Self.values(of: $0.validation) }
    facts = Self.facts(lines)
  }

  private static func columns(_ lines: [MetricsLine], _ values: (MetricsLine) -> [String: Double]) -> Columns {
    var columns = Columns()
    let size = max(1, (lines.count + most - 1) / most)
    for start in stride(from: 0, to: lines.count, by: size) {
      let bucket = lines[start..<min(lines.count, start + size)]
      guard let last = bucket.last else { continue }
      var sums: [String: (sum: Double, count: Double)] = [:]
      for line in bucket {
        for (name, value) in values(line) { sums[name, default: (0, 0)] += (value, 1) }
      }
      for name in sums.keys where columns.values[name] == nil {
        columns.values[name] = Array(repeating: nil, count: columns.step.count)
      }
      for name in columns.values.keys {
        columns.values[name]?.append(sums[name].flatMap { ($0.sum / $0.count).ifFinite })
      }
      columns.step.append(last.step)
      columns.tokens.append(last.tokens)
      columns.seconds.append(last.seconds)
    }
    return columns
  }

  private static func trainingValues(_ line: MetricsLine) -> [String: Double] {
    var values = values(of: line.training)
    values["beta"] = line.beta
    values["learningRate"] = line.learningRate
    values["tokensPerSecond"] = line.tokensPerSecond
    values["gradientNorm"] = line.gradientNorm
    return values
  }

  private static func values(of losses: Losses?) -> [String: Double] {
    var values: [String: Double] = [:]
    values["natsPerToken"] = losses?.natsPerToken
    values["boundNatsPerToken"] = losses?.boundNatsPerToken
    for level in losses?.kl ?? [] { values["kl.\(level.level)"] = level.natsPerWindow }
    return values
  }
}

private func += (left: inout (sum: Double, count: Double), right: (Double, Double)) {
  left = (left.sum + right.0, left.count + right.1)
}

// MARK: Key figures

extension CurveData {
  private static func facts(_ lines: [MetricsLine]) -> [Fact] {
    var facts: [Fact] = []
    let evaluated = lines.filter { $0.validation?.boundNatsPerToken != nil }
    if let best = evaluated.min(by: { bound($0) < bound($1) }) {
      facts.append(
        Fact(
          name: "Best held-out bound", value: decimal(bound(best), 3),
          note: "nats/token, at step \(grouped(best.step))"))
    }
    if let reconstruction = evaluated.last?.validation?.natsPerToken {
      facts.append(
        Fact(name: "Held-out reconstruction", value: decimal(reconstruction, 3), note: "nats/token, at the end"))
    }
    if let kl = evaluated.last?.validation?.kl, !kl.isEmpty {
      let sum = kl.reduce(0) { $0 + ($1.natsPerWindow ?? 0) }
      facts.append(Fact(name: "Held-out KL", value: decimal(sum, 1), note: "nats a window"))
    }
    guard let last = lines.last else { return facts }
    facts.append(Fact(name: "Steps", value: grouped(last.step), note: "\(grouped(last.tokens)) tokens"))
    // Left out if the elapsed time is too short to divide by.
    let speed = Int(exactly: (Double(last.tokens) / last.seconds).rounded()) ?? 0
    facts.append(
      Fact(name: "Time", value: durationText(last.seconds), note: "\(grouped(speed)) tokens/s on average"))
    let skipped = lines.last { $0.skippedSteps != nil }?.skippedSteps ?? 0
    if skipped > 0 {
      facts.append(Fact(name: "Steps skipped", value: grouped(skipped), note: "their gradient was not finite"))
    }
    return facts
  }

  private static func bound(_ line: MetricsLine) -> Double { line.validation?.boundNatsPerToken ?? .infinity }
}
