internal import Glibc
internal import MusicCore
public import MusicTokens

/// Keeps the statistics of a take near those of a piece: pitch classes, registers, time shifts, dynamic levels, and notes at a
/// time.
///
/// Features that are more frequent in the piece than in the take so far become more probable (Kneser 1997, "Language
/// Model Adaptation Using Dynamic Marginals"): for each of its features, the log probability of a token is raised by
/// the strength times log(share in the piece / share in the take). Latents encode much of the harmony of a piece but
/// little of its density and level, which a decoder can infer from previous tokens.
public struct MarginalAdaptation: Sendable {
  /// The features that are counted; those of a group sum up to 1.
  private enum Group: CaseIterable {
    case kind, pitchClass, register, shift, level

    var range: Range<Int> {
      switch self {
      case .kind: 0..<2
      case .pitchClass: 2..<14
      case .register: 14..<36
      case .shift: 36..<56
      case .level: 56..<62
      }
    }
  }
  private static let count = 62
  private static let groups = Group.allCases

  /// The share of each feature in the piece.
  private let target: [Float]
  /// The decayed count of each feature in the take, initialized in proportion to the piece.
  private var counts: [Float]
  private let strength: Float

  /// The weight of the piece at the beginning of a take, in tokens of each group.
  private static let initialCount: Float = 24
  /// The factor by which a count decays with each token of its group: half after 140 of them.
  private static let decay: Float = 0.995
  /// A feature that the piece lacks has this share.
  private static let least: Float = 0.004
  /// The largest change of a log probability by a feature, in nats.
  private static let largest: Float = 3

  /// - Parameters:
  ///   - strength: 0 for no effect; with 1 a feature that is half as frequent as it should be becomes twice as probable.
  public init(of piece: [Token], strength: Float = 1) {
    precondition(strength >= 0 && strength.isFinite, "a strength is not negative")
    self.strength = strength
    var counts = [Float](repeating: 0, count: Self.count)
    var level = 0
    for token in piece {
      if case .velocityChange(let new) = token.meaning { level = Int(new.rawValue) }
      Self.forEachFeature(of: token, at: level) { counts[$0] += 1 }
    }
    for group in Group.allCases {
      let sum = counts[group.range].reduce(0, +)
      let floor = Self.least * Float(group.range.count)
      for feature in group.range {
        counts[feature] = sum > 0 ? Self.least + (1 - floor) * counts[feature] / sum : 1 / Float(group.range.count)
      }
    }
    target = counts
    self.counts = counts.map { Self.initialCount * $0 }
  }

  /// The features of a token; a note has that of the level in force.
  private static func forEachFeature(of token: Token, at level: Int?, _ body: (Int) -> Void) {
    switch token.meaning {
    case .noteOn(let pitch):
      body(Group.kind.range.lowerBound)
      body(Group.pitchClass.range.lowerBound + Int(pitch.rawValue) % 12)
      body(register(Int(pitch.rawValue)))
      if let level { body(Group.level.range.lowerBound + level) }
    case .timeShift(let ticks):
      body(Group.kind.range.lowerBound + 1)
      body(shift(ticks))
    case .noteOff, .velocityChange: break
    }
  }

  /// Half octaves.
  private static func register(_ pitch: Int) -> Int { Group.register.range.lowerBound + pitch / 6 }

  /// Half octaves of time: 1, 2, 3, 4–5, 6–7, 8–11 … ticks.
  private static func shift(_ ticks: Int) -> Int {
    Group.shift.range.lowerBound + min(19, Int(2 * log2f(Float(ticks))))
  }

  /// Counts a token of the take.
  mutating func apply(_ token: Token, at level: Int?) {
    guard token.isNoteOn || token.isTimeShift else { return }
    for group in Self.groups where group == .kind || (group == .shift) == token.isTimeShift {
      for feature in group.range { counts[feature] *= Self.decay }
    }
    Self.forEachFeature(of: token, at: level) { counts[$0] += 1 }
  }

  /// Raises the logits of tokens whose features are too rare in the take.
  ///
  /// - Parameters:
  ///   - logits: the logits of all tokens and, last, of the end of the piece; −∞ for those that are impossible.
  ///   - level: the current level.
  func bias(_ logits: UnsafeMutableBufferPointer<Float>, at level: Int?) {
    var gains = InlineArray<62, Float>(repeating: 0)
    for group in Self.groups {
      let sum = counts[group.range].reduce(0, +)
      for feature in group.range {
        let ratio = logf(target[feature] * sum / counts[feature])
        gains[feature] = strength * min(max(ratio, -Self.largest), Self.largest)
      }
    }
    for pitch in 0..<128 {
      logits[pitch] +=
        gains[0] + gains[Group.pitchClass.range.lowerBound + pitch % 12] + gains[Self.register(pitch)]
    }
    for ticks in 1...Token.longestShift {
      logits[Int(Token.timeShifts.lowerBound) + ticks - 1] += gains[1] + gains[Self.shift(ticks)]
    }
    guard let level else { return }
    let first = Group.level.range.lowerBound
    for other in 0..<6 {
      logits[Int(Token.velocityChanges.lowerBound) + other] += gains[first + other] - gains[first + level]
    }
  }
}
