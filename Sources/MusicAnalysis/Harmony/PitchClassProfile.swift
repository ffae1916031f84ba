internal import Glibc
public import MusicCore

/// The distribution of pitch classes: 12 weights, C first.
public struct PitchClassProfile: Hashable, Sendable {
  /// Twelve numbers, none negative.
  public var weights: [Double]

  /// An empty profile.
  public init() { weights = Array(repeating: 0, count: 12) }

  /// A profile of twelve weights, C first, none negative.
  public init(_ weights: [Double]) {
    precondition(weights.count == 12, "a profile has twelve weights")
    self.weights = weights
  }

  /// The number of notes of each pitch class.
  package init(of pitches: [Pitch]) {
    self.init()
    for pitch in pitches { self[pitch.pitchClass] += 1 }
  }

  /// The weight of a pitch class.
  public subscript(pitchClass: PitchClass) -> Double {
    get { weights[pitchClass.rawValue] }
    set { weights[pitchClass.rawValue] = newValue }
  }

  /// The sum of all weights.
  public var total: Double { weights.reduce(0, +) }

  /// The same profile with a sum of 1; an empty one stays empty.
  public var normalized: PitchClassProfile {
    let total = total
    return total > 0 ? PitchClassProfile(weights.map { $0 / total }) : self
  }

  /// The Shannon entropy, from 0 for a single pitch class to 3.585 bits for a uniform distribution; nil if the profile is empty.
  public var entropyBits: Double? {
    guard total > 0 else { return nil }
    return normalized.weights.reduce(0) { $1 > 0 ? $0 - $1 * log2($1) : $0 }
  }

  /// The Jensen–Shannon divergence (Lin 1991) of two normalized profiles in bits: 0 for equal ones, 1 for those without a
  /// common pitch class; 0 if either is empty.
  package func divergence(from other: PitchClassProfile) -> Double {
    guard total > 0, other.total > 0 else { return 0 }
    let sum = zip(normalized.weights, other.normalized.weights).reduce(0) { $0 + Self.divergence($1.0, $1.1) }
    // Rounding may make it negative.
    return max(0, sum)
  }

  /// The term of one pitch class in the divergence of two profiles, from its shares in them.
  private static func divergence(_ own: Double, _ other: Double) -> Double {
    func part(_ share: Double) -> Double { share > 0 ? share * log2(2 * share / (own + other)) / 2 : 0 }
    return part(own) + part(other)
  }

  /// The divergence from this profile that is expected of `count` notes drawn from it at random: the fewer notes, the
  /// greater. 0 if the profile is empty. O(`count`).
  package func expectedDivergence(ofNotes count: Int) -> Double {
    guard count > 0 else { return 0 }
    var sum = 0.0
    for share in normalized.weights where share > 0 && share < 1 {
      // The number of notes on the pitch class has a binomial distribution.
      var logProbability = Double(count) * log(1 - share)
      for drawn in 0...count {
        sum += exp(logProbability) * Self.divergence(Double(drawn) / Double(count), share)
        logProbability += log(Double(count - drawn) / Double(drawn + 1)) + log(share / (1 - share))
      }
    }
    return sum
  }

  /// The weights minus their mean, normalized to unit length; nil if all weights are equal.
  var centered: [Double]? {
    let mean = total / 12
    let differences = weights.map { $0 - mean }
    let norm = differences.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return norm > 1e-12 ? differences.map { $0 / norm } : nil
  }
}

extension PitchClassProfile: Codable {
  /// An array of twelve numbers.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    weights = try container.decode([Double].self)
    guard weights.count == 12 else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "a profile has twelve weights")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(weights)
  }
}
