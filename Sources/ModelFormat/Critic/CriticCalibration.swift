internal import Glibc

/// Platt scaling: maps the logits of a critic to calibrated probabilities that music is real (Platt, "Probabilistic
/// Outputs for Support Vector Machines", 1999), with a linear map for each scale and one for their combination.
public struct CriticCalibration: Codable, Hashable, Sendable {
  /// p = 1 / (1 + exp(−(slope · logit + offset))).
  public struct Line: Codable, Hashable, Sendable {
    /// The factor of a logit.
    public var slope: Double
    /// The number added to it.
    public var offset: Double

    /// Creates a line; the default changes nothing.
    public init(slope: Double = 1, offset: Double = 0) {
      self.slope = slope
      self.offset = offset
    }

    /// The calibrated logit.
    public func callAsFunction(_ logit: Double) -> Double { slope * logit + offset }
  }

  /// The line of the local tower.
  public var local: Line
  /// The line of the phrase tower.
  public var phrase: Line
  /// The line of the global tower.
  public var global: Line
  /// The map of the weighted mean of the scales' calibrated logits.
  public var combined: Line

  /// Creates a calibration; the default changes nothing.
  public init(local: Line = Line(), phrase: Line = Line(), global: Line = Line(), combined: Line = Line()) {
    self.local = local
    self.phrase = phrase
    self.global = global
    self.combined = combined
  }

  /// The line of a tower.
  public subscript(scale: Configuration.Level) -> Line {
    get {
      switch scale {
      case .local: local
      case .phrase: phrase
      case .global: global
      }
    }
    set {
      switch scale {
      case .local: local = newValue
      case .phrase: phrase = newValue
      case .global: global = newValue
      }
    }
  }

  /// The calibrated logit of all scales combined; scales without a logit are left out. Nil if none has one.
  ///
  /// - Parameter logits: the critic's raw logits of each scale.
  public func combined(_ logits: PerLevel<Double?>) -> Double? {
    mean(logits).map { combined($0) }
  }

  /// The weighted mean of the calibrated logits of the scales that have one.
  package func mean(_ logits: PerLevel<Double?>) -> Double? {
    var (sum, weight) = (0.0, 0.0)
    for scale in Configuration.Level.allCases {
      guard let logit = logits[scale] else { continue }
      sum += CriticConfiguration.weights[scale] * self[scale](logit)
      weight += CriticConfiguration.weights[scale]
    }
    return weight > 0 ? sum / weight : nil
  }

  /// The probability of a calibrated logit.
  public static func probability(_ logit: Double) -> Double { 1 / (1 + exp(-logit)) }

  var isFinite: Bool {
    [local, phrase, global, combined].allSatisfy { $0.slope.isFinite && $0.offset.isFinite }
  }
}

extension CriticCalibration.Line {
  /// Fits the line by maximum likelihood (Newton's method), with the targets of Platt's §2.2, which keep the slope
  /// finite for separable classes. Both classes have equal weight. O(n).
  ///
  /// - Precondition: Each class has at least one logit.
  public init(real: [Double], fake: [Double]) {
    precondition(!real.isEmpty && !fake.isEmpty, "a calibration needs both classes")
    self.init()
    let (high, low) = (Double(real.count + 1) / Double(real.count + 2), 1 / Double(fake.count + 2))
    let samples =
      real.map { ($0, high, 0.5 / Double(real.count)) } + fake.map { ($0, low, 0.5 / Double(fake.count)) }
    (slope, offset) = (0, 0)
    for _ in 0..<50 {
      var (ga, gb, haa, hab, hbb) = (0.0, 0.0, 1e-12, 0.0, 1e-12)
      for (x, target, weight) in samples {
        let p = CriticCalibration.probability(slope * x + offset)
        let (error, curvature) = (weight * (p - target), weight * p * (1 - p))
        (ga, gb) = (ga + error * x, gb + error)
        (haa, hab, hbb) = (haa + curvature * x * x, hab + curvature * x, hbb + curvature)
      }
      let determinant = haa * hbb - hab * hab
      guard determinant > 1e-18 else { return }
      let step = (slope: (hbb * ga - hab * gb) / determinant, offset: (haa * gb - hab * ga) / determinant)
      // A full Newton step may overshoot if nearly all probabilities are 0 or 1.
      let limit = max(1, max(abs(step.slope), abs(step.offset)) / 2)
      slope -= step.slope / limit
      offset -= step.offset / limit
      if abs(step.slope) + abs(step.offset) < 1e-9 { return }
    }
  }
}
