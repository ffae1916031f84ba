public import MusicCore

/// One symbol of the event stream, 0…773.
///
/// | ids | symbol |
/// |---|---|
/// | 0–127 | a pitch starts, at the current velocity level |
/// | 128–255 | pitch `id − 128` ends |
/// | 256–767 | `id − 255` ticks of 1/64 s pass |
/// | 768–773 | the velocity level becomes pp, p, mp, mf, f, ff |
public struct Token: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt16

  /// A token, or nil where `rawValue` is over 773.
  @inlinable
  public init?(rawValue: UInt16) {
    guard rawValue < Token.count else { return nil }
    self.rawValue = rawValue
  }

  @inlinable
  init(unchecked rawValue: UInt16) { self.rawValue = rawValue }

  /// How many different tokens there are.
  public static let count: UInt16 = 774
  /// The resolution of time: a tick is 1/64 s.
  public static let ticksPerSecond = 64
  /// The longest shift of one token: 8 s.
  public static let longestShift = 512

  /// A pitch starts.
  @inlinable
  public static func noteOn(_ pitch: Pitch) -> Token { Token(unchecked: UInt16(pitch.rawValue)) }

  /// A pitch ends.
  @inlinable
  public static func noteOff(_ pitch: Pitch) -> Token { Token(unchecked: 128 + UInt16(pitch.rawValue)) }

  /// `ticks` of 1/64 s pass, 1…512.
  @inlinable
  public static func timeShift(_ ticks: Int) -> Token {
    precondition((1...longestShift).contains(ticks), "a shift is 1…512 ticks")
    return Token(unchecked: 255 + UInt16(ticks))
  }

  /// The level of the notes to come.
  @inlinable
  public static func velocityChange(_ level: DynamicLevel) -> Token { Token(unchecked: 768 + UInt16(level.rawValue)) }

  /// A token by what it means.
  public enum Meaning: Hashable, Sendable {
    case noteOn(Pitch)
    case noteOff(Pitch)
    /// Ticks of 1/64 s, 1…512.
    case timeShift(Int)
    case velocityChange(DynamicLevel)
  }

  /// What the token means.
  @inlinable
  public var meaning: Meaning {
    switch rawValue {
    case ..<128: .noteOn(Pitch(clamping: UInt8(rawValue)))
    case ..<256: .noteOff(Pitch(clamping: UInt8(rawValue - 128)))
    case ..<768: .timeShift(Int(rawValue) - 255)
    default: .velocityChange(DynamicLevel(rawValue: UInt8(rawValue - 768)) ?? .ff)
    }
  }
}

extension Token: CustomStringConvertible, LosslessStringConvertible {
  /// The name in the `names` format, such as `NOTE_ON 60` or `VELOCITY_CHANGE mf`.
  public var description: String {
    switch meaning {
    case .noteOn(let pitch): "NOTE_ON \(pitch.rawValue)"
    case .noteOff(let pitch): "NOTE_OFF \(pitch.rawValue)"
    case .timeShift(let ticks): "TIME_SHIFT \(ticks)"
    case .velocityChange(let level): "VELOCITY_CHANGE \(level)"
    }
  }

  /// A token from its name, or nil.
  public init?(_ description: String) {
    let words = description.split(whereSeparator: \.isWhitespace)
    guard words.count == 2 else { return nil }
    switch (words[0], UInt16(words[1])) {
    case ("NOTE_ON", let pitch?) where pitch < 128: self.init(unchecked: pitch)
    case ("NOTE_OFF", let pitch?) where pitch < 128: self.init(unchecked: 128 + pitch)
    case ("TIME_SHIFT", let ticks?) where (1...512).contains(ticks): self.init(unchecked: 255 + ticks)
    case ("VELOCITY_CHANGE", nil):
      guard let level = DynamicLevel(String(words[1])) else { return nil }
      self = .velocityChange(level)
    default: return nil
    }
  }
}
