internal import MusicCore
internal import MusicTokens

/// Kinds of tokens that decode but that the encoder would have written differently.
public enum Irregularity: String, CaseIterable, Hashable, Sendable, Codable, CodingKeyRepresentable {
  /// A time shift after one that is not the longest possible.
  case splitShift
  /// A change to the dynamic level that is already in force.
  case repeatedLevel
  /// A change of dynamic level without a note after it.
  case unusedLevel
  /// A note end after a note start in the same tick, or after the end of a higher pitch.
  case misplacedEnd
  /// A note start after one of a higher level in the same tick, or of a higher pitch at the same level.
  case misplacedStart
}

/// Reads a stream and classifies irregular tokens, each by its first irregularity.
struct RegularityReader {
  private var last: Token.Meaning?
  private var level: DynamicLevel?
  /// The last note end and note start of this tick.
  private var lastEnd: Pitch?
  private var lastStart: (level: DynamicLevel, pitch: Pitch)?

  /// Reads a token. An unused change of level is detected at the token after it.
  mutating func read(_ token: Token) -> Irregularity? {
    let meaning = token.meaning
    defer { last = meaning }
    if case .velocityChange = last {
      guard case .noteOn(let pitch) = meaning else {
        _ = readInPlace(meaning)
        return .unusedLevel
      }
      return start(pitch)
    }
    return readInPlace(meaning)
  }

  private mutating func readInPlace(_ meaning: Token.Meaning) -> Irregularity? {
    switch meaning {
    case .timeShift: shift()
    case .velocityChange(let level): change(to: level)
    case .noteOn(let pitch): start(pitch)
    case .noteOff(let pitch): end(pitch)
    }
  }

  private mutating func shift() -> Irregularity? {
    (lastEnd, lastStart) = (nil, nil)
    guard case .timeShift(let ticks) = last else { return nil }
    return ticks < Token.longestShift ? .splitShift : nil
  }

  private mutating func change(to new: DynamicLevel) -> Irregularity? {
    defer { level = new }
    return new == level ? .repeatedLevel : nil
  }

  private mutating func start(_ pitch: Pitch) -> Irregularity? {
    let start = (level: level ?? .mf, pitch: pitch)
    defer { lastStart = start }
    return lastStart.map { start > $0 } ?? true ? nil : .misplacedStart
  }

  private mutating func end(_ pitch: Pitch) -> Irregularity? {
    defer { lastEnd = pitch }
    let isRising = lastEnd.map { pitch > $0 } ?? true
    return lastStart == nil && isRising ? nil : .misplacedEnd
  }
}
