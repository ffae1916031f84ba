internal import ModelFormat
internal import Tensors
internal import VAEGAN

/// Sums of the losses of batches, from which means are reported.
struct LossSums: Codable, Hashable, Sendable {
  private(set) var windows = 0
  private(set) var tokens = 0
  /// In nats.
  private var reconstruction = 0.0
  private var objective = 0.0
  /// In nats, by level; empty without latents.
  private var divergence: [Double] = []
  /// In nats, of all charts, and the number of their chords.
  private var charts = 0.0
  private var chords = 0
  private var gradientNorms = 0.0
  private(set) var steps = 0
  private(set) var seconds = 0.0

  mutating func add(_ value: Objective.Value, of batch: Batch) throws(TensorError) {
    let (tokens, windows) = (Double(batch.tokenCount), Double(batch.size))
    reconstruction += try value.reconstruction.item() * tokens
    objective += try value.loss.item() * tokens
    let divergence = try value.divergence.map { tensor throws(TensorError) in try tensor.item() * windows }
    self.divergence = self.divergence.isEmpty ? divergence : zip(self.divergence, divergence).map { $0 + $1 }
    if let loss = value.charts {
      charts += try loss.nats.item()
      chords += loss.chords
    }
    self.tokens += batch.tokenCount
    self.windows += batch.size
  }

  /// Adds the sums of a completed step.
  mutating func add(_ step: LossSums, gradientNorm: Double, seconds: Double) {
    windows += step.windows
    tokens += step.tokens
    reconstruction += step.reconstruction
    objective += step.objective
    divergence = divergence.isEmpty ? step.divergence : zip(divergence, step.divergence).map { $0 + $1 }
    charts += step.charts
    chords += step.chords
    gradientNorms += gradientNorm
    steps += 1
    self.seconds += seconds
  }

  /// The sums over all processes.
  func summed(over processes: ProcessGroup) throws(TensorError) -> LossSums {
    guard processes.count > 1 else { return self }
    let levels = Configuration.Level.allCases.count
    let padding = Array(repeating: 0.0, count: levels - divergence.count)
    // A process without a batch does not know whether there are latents.
    let hasLatents = divergence.isEmpty ? 0.0 : 1
    let own =
      [Double(windows), Double(tokens), reconstruction, objective, hasLatents, charts, Double(chords)] + divergence
      + padding
    let all = try processes.sum(own)
    var sums = self
    (sums.windows, sums.tokens, sums.reconstruction, sums.objective) = (Int(all[0]), Int(all[1]), all[2], all[3])
    (sums.charts, sums.chords) = (all[5], Int(all[6]))
    sums.divergence = all[4] > 0 ? Array(all[7...]) : []
    return sums
  }

  var isFinite: Bool { partThatIsNotFinite == nil }

  /// The name of the first quantity that is not finite; nil if all are.
  var partThatIsNotFinite: String? {
    let levels = Configuration.Level.allCases.map { "KL of \($0.rawValue) latents" }
    let parts =
      [("reconstruction", reconstruction)] + zip(levels, divergence) + [("charts", charts), ("loss", objective)]
    return parts.first { !$0.1.isFinite }.map { "\($0.0) []" }
  }

  /// The KL of all levels in nats per window.
  var divergencePerWindow: Double { divergence.reduce(0, +) / Double(max(1, windows)) }

  var gradientNorm: Double? { steps > 0 ? gradientNorms / Double(steps) : nil }

  var tokensPerSecond: Double? { seconds > 0 ? Double(tokens) / seconds : nil }

  /// The means; nil if there are no sums.
  var losses: Losses? {
    guard tokens > 0 else { return nil }
    let (tokens, windows) = (Double(tokens), Double(windows))
    let levels = zip(Configuration.Level.allCases, divergence).map { level, nats in
      Losses.Level(level: level.rawValue, natsPerWindow: nats / windows, natsPerToken: nats / tokens)
    }
    return Losses(
      natsPerToken: reconstruction / tokens, boundNatsPerToken: (reconstruction + divergence.reduce(0, +)) / tokens,
      total: objective / tokens, kl: levels.isEmpty ? nil : levels,
      chartNatsPerChord: chords > 0 ? charts / Double(chords) : nil)
  }
}
