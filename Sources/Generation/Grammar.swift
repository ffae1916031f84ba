public import MusicTokens

/// The state of a stream, and what may come next in it.
///
/// What may come is what the encoder could have written (docs/tokens.md): the stream decodes without a repair, and encoding
/// the music again gives the same tokens. At one tick ends rise by pitch and starts by level and pitch, so that only finitely
/// many tokens fit into a tick and time always goes on.
public struct Grammar: Sendable {
  public var constraints: Constraints
  /// Ticks of 1/64 s since the start of the stream.
  public private(set) var time = 0
  /// How many tokens the stream has.
  public private(set) var count = 0
  /// The tick at which everything is released; nil where there is none.
  public var end: Int?
  /// Whether the stream may end by itself.
  public var mayEnd = false
  /// Whether time may pass before the first note.
  public var mayBeginWithShift = false
  /// Notes that started at an earlier token are released as soon as that can be: what no longer knows of their start
  /// would never end them.
  public var firstRemembered = 0

  /// The pitches that sound, a bit each.
  private(set) var sounding: UInt128 = 0
  /// The level that is in force, 0…5.
  private(set) var level: Int?
  /// The last end and start of this tick; a start has the level that is in force.
  private(set) var lastEnd: Int?
  private(set) var lastStart: Int?
  private(set) var last = Last.nothing
  /// The index of the token that started the last note of each pitch, and the tick.
  private var onsets = [Int](repeating: 0, count: 128)
  private var onsetTimes = [Int](repeating: 0, count: 128)

  /// What the last token was.
  enum Last {
    case nothing, start, end, level
    /// A shift after which no other may come, and the longest, after which one may.
    case shift, longestShift
  }

  /// A stream that begins.
  public init(_ constraints: Constraints = .none) { self.constraints = constraints }

  /// Takes a token in.
  ///
  /// - Precondition: It may come next, constraints aside.
  public mutating func apply(_ token: Token) {
    let id = Int(token.rawValue)
    switch id {
    case ..<128:
      sounding |= Self.bit(id)
      onsets[id] = count
      onsetTimes[id] = time
      (lastStart, last) = (id, .start)
    case ..<256:
      sounding &= ~Self.bit(id - 128)
      (lastEnd, last) = (id - 128, .end)
    case ..<768:
      time += id - 255
      (lastStart, lastEnd) = (nil, nil)
      last = id - 255 == Token.longestShift ? .longestShift : .shift
    default:
      level = id - 768
      last = .level
    }
    count += 1
  }

  /// The sounding pitches whose start is no longer remembered, or that sounded long enough.
  var overdue: UInt128 {
    var overdue: UInt128 = 0
    forEachSounding { pitch in
      if onsets[pitch] < firstRemembered || time - onsetTimes[pitch] >= constraints.longestNote {
        overdue |= Self.bit(pitch)
      }
    }
    return overdue
  }

  /// What comes of a token that may come next: time passes only until all is released, or a note.
  ///
  /// A longer shift is cut rather than made impossible. The model would play something else instead, at once, and it has
  /// said that nothing happens until then.
  public func cut(_ token: Token) -> Token {
    guard case .timeShift(let ticks) = token.meaning else { return token }
    return .timeShift(min(ticks, ticksLeft, ticksToLongestNote))
  }

  /// The ticks until a note has sounded long enough.
  private var ticksToLongestNote: Int {
    guard constraints.longestNote < .max else { return .max }
    var ticks = Int.max
    // One that was too long when the constraint came may be past its turn in this tick.
    forEachSounding { pitch in ticks = min(ticks, max(1, onsetTimes[pitch] + constraints.longestNote - time)) }
    return ticks
  }

  private func forEachSounding(_ body: (Int) -> Void) {
    var rest = sounding
    while rest != 0 {
      body(rest.trailingZeroBitCount)
      rest &= rest &- 1
    }
  }

  /// The ticks that are left.
  var ticksLeft: Int { end.map { max(0, $0 - time) } ?? .max }

  /// Whether the time is up.
  public var isOver: Bool { ticksLeft == 0 }

  /// The tokens that release what sounds when the time is up: every note that sounds started before this tick.
  public var releases: [Token] {
    (0..<128).filter { sounding & Self.bit($0) != 0 }.compactMap { Token(rawValue: UInt16(128 + $0)) }
  }

  static func bit(_ pitch: Int) -> UInt128 { 1 &<< UInt128(truncatingIfNeeded: pitch) }
  /// All pitches over one.
  static func above(_ pitch: Int) -> UInt128 { pitch >= 127 ? 0 : UInt128.max &<< UInt128(pitch + 1) }
}
