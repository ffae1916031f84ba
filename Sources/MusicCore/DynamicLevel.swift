/// The six dynamic levels of notation that the token stream distinguishes.
public enum DynamicLevel: UInt8, CaseIterable, Comparable, Sendable, Codable {
  case pp, p, mp, mf, f, ff

  /// The level whose velocity is nearest, the lower at a tie: 1…41 pp, 42…56 p, 57…72 mp, 73…88 mf,
  /// 89…104 f, 105…127 ff.
  @inlinable
  public init(nearest velocity: Velocity) {
    // A sum of comparisons, because branches on the velocities of expressive music are unpredictable.
    let value = velocity.rawValue
    let low: UInt8 = (value > 41 ? 1 : 0) + (value > 56 ? 1 : 0)
    let high: UInt8 = (value > 72 ? 1 : 0) + (value > 88 ? 1 : 0) + (value > 104 ? 1 : 0)
    self = DynamicLevel(rawValue: low + high) ?? .ff
  }

  /// The usual velocity of this level in notation programs: 33, 49, 64, 80, 96, 112.
  @inlinable
  public var velocity: Velocity {
    switch self {
    case .pp: Velocity(masking: 33)
    case .p: Velocity(masking: 49)
    case .mp: Velocity(masking: 64)
    case .mf: Velocity(masking: 80)
    case .f: Velocity(masking: 96)
    case .ff: Velocity(masking: 112)
    }
  }

  @inlinable
  public static func < (a: DynamicLevel, b: DynamicLevel) -> Bool { a.rawValue < b.rawValue }
}

extension DynamicLevel: CustomStringConvertible, LosslessStringConvertible {
  /// The level in notation, such as `mf`.
  public var description: String {
    switch self {
    case .pp: "pp"
    case .p: "p"
    case .mp: "mp"
    case .mf: "mf"
    case .f: "f"
    case .ff: "ff"
    }
  }

  /// A level from its notation, or nil.
  public init?(_ description: String) {
    guard let level = Self.allCases.first(where: { $0.description == description }) else { return nil }
    self = level
  }
}

extension DynamicLevel {
  /// Levels are encoded by their notation, such as `"mf"`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let level = DynamicLevel(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a level such as mf")
    }
    self = level
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
