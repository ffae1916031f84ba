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
  /// The id, 0…773.
  public let rawValue: UInt16

  /// A token, or nil if `rawValue` is greater than 773.
  @inlinable
  public init?(rawValue: UInt16) {
    guard rawValue < Token.count else { return nil }
    self.rawValue = rawValue
  }

  @inlinable
  init(unchecked rawValue: UInt16) { self.rawValue = rawValue }

  /// The number of different tokens.
  public static let count: UInt16 = 774
  /// The longest shift of one token: 8 s.
  public static let longestShift = 512
  /// The id that models use for the end of a piece, which is not a token. (774 is the id that precedes the first
  /// token.)
  @inlinable public static var endOfPiece: UInt16 { 775 }

  /// The ids of note-ons.
  @inlinable public static var noteOns: Range<UInt16> { 0..<128 }
  /// The ids of note-offs.
  @inlinable public static var noteOffs: Range<UInt16> { 128..<256 }
  /// The ids of time shifts.
  @inlinable public static var timeShifts: Range<UInt16> { 256..<768 }
  /// The ids of velocity changes.
  @inlinable public static var velocityChanges: Range<UInt16> { 768..<count }

  /// Whether it is a note-on.
  @inlinable public var isNoteOn: Bool { Token.noteOns.contains(rawValue) }
  /// Whether it is a note-off.
  @inlinable public var isNoteOff: Bool { Token.noteOffs.contains(rawValue) }
  /// Whether it is a time shift.
  @inlinable public var isTimeShift: Bool { Token.timeShifts.contains(rawValue) }
  /// Whether it is a velocity change.
  @inlinable public var isVelocityChange: Bool { Token.velocityChanges.contains(rawValue) }

  /// The length of a time shift in ticks of 1/64 s, from its id.
  @inlinable
  public static func ticks(ofShift id: UInt16) -> Int { Int(id) - Int(timeShifts.lowerBound) + 1 }

  /// A pitch starts.
  @inlinable
  public static func noteOn(_ pitch: Pitch) -> Token { Token(unchecked: noteOns.lowerBound + UInt16(pitch.rawValue)) }

  /// A pitch ends.
  @inlinable
  public static func noteOff(_ pitch: Pitch) -> Token { Token(unchecked: noteOffs.lowerBound + UInt16(pitch.rawValue)) }

  /// `ticks` of 1/64 s pass, 1…512.
  @inlinable
  public static func timeShift(_ ticks: Int) -> Token {
    precondition((1...longestShift).contains(ticks), "a time shift must be 1…512 ticks")
    return Token(unchecked: timeShifts.lowerBound + UInt16(ticks) - 1)
  }

  /// The level of the notes to come.
  @inlinable
  public static func velocityChange(_ level: DynamicLevel) -> Token {
    Token(unchecked: velocityChanges.lowerBound + UInt16(level.rawValue))
  }

  /// The meaning of a token.
  public enum Meaning: Hashable, Sendable {
    case noteOn(Pitch)
    case noteOff(Pitch)
    /// Ticks of 1/64 s, 1…512.
    case timeShift(Int)
    case velocityChange(DynamicLevel)
  }

  /// The meaning of the token.
  @inlinable
  public var meaning: Meaning {
    switch rawValue {
    case ..<Token.noteOns.upperBound: .noteOn(Pitch(masking: UInt8(rawValue)))
    case ..<Token.noteOffs.upperBound: .noteOff(Pitch(masking: UInt8(rawValue - Token.noteOffs.lowerBound)))
    case ..<Token.timeShifts.upperBound: .timeShift(Token.ticks(ofShift: rawValue))
    default: .velocityChange(DynamicLevel(rawValue: UInt8(rawValue - Token.velocityChanges.lowerBound)) ?? .ff)
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
    case ("NOTE_ON", let pitch?) where pitch < 128: self = .noteOn(Pitch(masking: UInt8(pitch)))
    case ("NOTE_OFF", let pitch?) where pitch < 128: self = .noteOff(Pitch(masking: UInt8(pitch)))
    case ("TIME_SHIFT", let ticks?) where (1...Token.longestShift).contains(Int(ticks)): self = .timeShift(Int(ticks))
    case ("VELOCITY_CHANGE", nil):
      guard let level = DynamicLevel(String(words[1])) else { return nil }
      self = .velocityChange(level)
    default: return nil
    }
  }
}
