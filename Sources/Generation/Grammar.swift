public import MusicCore
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
  /// The tick at which everything is released; nil where there is none.
  public var end: Int?
  /// Whether the stream may end by itself.
  public var mayEnd = false
  /// Whether time may pass before the first note.
  public var mayBeginWithShift = false

  /// The tick before which nothing starts or ends any more: time has come so far, though the stream does not say so yet.
  /// The shift to it is as long at least.
  public var earliest = 0
  /// The tick by which a note starts; a longer shift is cut. The next note that starts ends that. Nil for none.
  public var latestOnset: Int?
  /// Sounding pitches that another player holds: they may not end, are never too long, and do not count among
  /// those that may sound at once. What ends or starts is nobody else's.
  public var foreign = PitchSet()

  /// The pitches that sound.
  package private(set) var sounding = PitchSet()
  /// The level that is in force, 0…5.
  package private(set) var level: Int?
  /// The last end and start of this tick; a start has the level that is in force.
  private(set) var lastEnd: Int?
  private(set) var lastStart: Int?
  private(set) var last = Last.nothing
  /// The tick at which the last note of each pitch started; `never` where none did.
  private var onsetTimes = [Int](repeating: never, count: 128)
  private static let never = Int.min / 2
  /// The pitch classes of the notes that started lately.
  package private(set) var recent = RecentPitches()

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
    switch token.meaning {
    case .noteOn(let pitch):
      sounding.insert(pitch)
      foreign.remove(pitch)
      onsetTimes[Int(pitch.rawValue)] = time
      recent.start(Int(pitch.rawValue))
      latestOnset = nil
      (lastStart, last) = (Int(pitch.rawValue), .start)
    case .noteOff(let pitch):
      sounding.remove(pitch)
      foreign.formIntersection(sounding)
      (lastEnd, last) = (Int(pitch.rawValue), .end)
    case .timeShift(let ticks):
      time += ticks
      recent.pass(ticks)
      (lastStart, lastEnd) = (nil, nil)
      last = ticks == Token.longestShift ? .longestShift : .shift
    case .velocityChange(let level):
      self.level = Int(level.rawValue)
      last = .level
    }
  }

  /// The tick at which the last note of a pitch started; nil where none did.
  func onset(of pitch: Int) -> Int? { onsetTimes[pitch] == Self.never ? nil : onsetTimes[pitch] }

  /// The sounding pitches that may be ended.
  package var own: PitchSet { sounding.subtracting(foreign) }

  /// The pitches of them that sounded long enough.
  var overdue: PitchSet {
    var overdue = PitchSet()
    forEachOwn { pitch in
      if time - onsetTimes[pitch] >= constraints.longestNote { overdue.insert(pitch) }
    }
    return overdue
  }

  /// What comes of a token that may come next: time passes only until all is released, or a note.
  ///
  /// A longer shift is cut rather than made impossible. The model would play something else instead, at once, and it has
  /// said that nothing happens until then.
  public func cut(_ token: Token) -> Token {
    guard case .timeShift(let ticks) = token.meaning else { return token }
    return .timeShift(min(ticks, ticksLeft, max(shortestShift, min(ticksToLongestNote, ticksToOnset))))
  }

  /// The ticks of a shift that passes what has passed already, as far as one can.
  var shortestShift: Int { min(Token.longestShift, max(1, earliest - time)) }

  /// The ticks until a note starts at the latest.
  private var ticksToOnset: Int { latestOnset.map { max(1, $0 - time) } ?? .max }

  /// The ticks until a note has sounded long enough.
  private var ticksToLongestNote: Int {
    guard constraints.longestNote < .max else { return .max }
    var ticks = Int.max
    // One that was too long when the constraint came may be past its turn in this tick.
    forEachOwn { pitch in ticks = min(ticks, max(1, onsetTimes[pitch] + constraints.longestNote - time)) }
    return ticks
  }

  private func forEachOwn(_ body: (Int) -> Void) {
    var rest = own
    while let pitch = rest.popFirst() { body(pitch) }
  }

  /// The ticks that are left.
  var ticksLeft: Int { end.map { max(0, $0 - time) } ?? .max }

  /// Whether the time is up.
  public var isOver: Bool { ticksLeft == 0 }

  /// The tokens that release what sounds when the time is up: every note that sounds started before this tick.
  public var releases: [Token] {
    (0..<128).filter(own.contains).map { .noteOff(Pitch(masking: UInt8($0))) }
  }
}
