public import MusicCore
public import MusicTokens

/// The state of a token stream, from which the possible next tokens follow.
///
/// A token is possible if the encoder could have written it (docs/tokens.md): the stream decodes without repairs, and
/// encoding the music again gives the same tokens. Within one tick, note ends rise in pitch and note starts in level
/// and pitch, so that only finitely many tokens fit into a tick and time always advances.
public struct Grammar: Sendable {
  /// The constraints on the notes.
  public var constraints: Constraints
  /// Ticks of 1/64 s since the start of the stream.
  public private(set) var time = 0
  /// The tick at which all notes are released; nil for no end.
  public var end: Int?
  /// Whether the stream may end by itself.
  public var mayEnd = false
  /// Whether the stream may begin with a time shift.
  public var mayBeginWithShift = false

  /// The earliest tick at which a note may start or end: real time has already reached it, though the stream has not.
  /// The next time shift is at least that long.
  public var earliest = 0
  /// The latest tick of the next onset: time shifts beyond it are shortened. The next note start resets it. Nil for
  /// none.
  public var latestOnset: Int?
  /// The latest tick at which a note may start; nil for none. Where nothing sounds after it, the stream is over.
  public var latestStart: Int?
  /// Sounding pitches that another player holds: they cannot end here, are exempt from the maximum duration, and do not
  /// count towards the polyphony. A pitch that starts or ends leaves the set.
  public var foreign = PitchSet()

  /// The pitches that sound.
  package private(set) var sounding = PitchSet()
  /// The dynamic level in force, 0…5.
  package private(set) var level: Int?
  /// The pitches of the last note end and note start of this tick; a start has the level in force.
  private(set) var lastEnd: Int?
  private(set) var lastStart: Int?
  private(set) var last = Last.nothing
  /// The tick at which the last note of each pitch started; `never` where none did.
  private var onsetTimes = [Int](repeating: never, count: 128)
  private static let never = Int.min / 2
  /// The pitch classes of recent notes.
  package private(set) var recent = RecentPitches()
  /// The figures of all notes, and those of the melody.
  package private(set) var figures = FigureCache()
  package private(set) var melody = MelodyCache()
  /// The statistics that the stream is to have; nil for those of the model.
  public var adaptation: MarginalAdaptation?
  /// The pulse of the notes.
  package private(set) var pulses = PulseTracker()

  /// The kind of the last token.
  enum Last {
    case nothing, start, end, level
    /// A time shift, which no other may follow, and the longest time shift, which one may.
    case shift, longestShift
  }

  /// Creates the state at the start of a stream.
  public init(_ constraints: Constraints = .none) { self.constraints = constraints }

  /// Advances the state by a token.
  ///
  /// - Precondition: The token is possible, apart from the constraints.
  public mutating func apply(_ token: Token) {
    adaptation?.apply(token, at: level)
    switch token.meaning {
    case .noteOn(let pitch):
      sounding.insert(pitch)
      foreign.remove(pitch)
      onsetTimes[Int(pitch.rawValue)] = time
      recent.start(Int(pitch.rawValue))
      figures.append(Int(pitch.rawValue), at: time)
      melody.append(Int(pitch.rawValue), at: time, sounding: sounding)
      pulses.append(at: time)
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

  /// The tick at which the last note of a pitch started; nil if none did.
  func onset(of pitch: Int) -> Int? { onsetTimes[pitch] == Self.never ? nil : onsetTimes[pitch] }

  /// The sounding pitches that this stream may end.
  package var own: PitchSet { sounding.subtracting(foreign) }

  /// Those of them that have reached the maximum duration.
  var overdue: PitchSet {
    var overdue = PitchSet()
    forEachOwn { pitch in
      if time - onsetTimes[pitch] >= constraints.longestNote { overdue.insert(pitch) }
    }
    return overdue
  }

  /// The token with a time shift shortened to what is possible: up to the end of the stream, the maximum duration of a
  /// note, or the latest onset.
  ///
  /// Long shifts are shortened, not masked: a mask would make the model choose an event at this tick instead, although
  /// it predicted that nothing happens until later.
  public func cut(_ token: Token) -> Token {
    guard case .timeShift(let ticks) = token.meaning else { return token }
    return .timeShift(min(ticks, ticksLeft, max(shortestShift, min(ticksToLongestNote, ticksToOnset))))
  }

  /// The token with a time shift that ends near the pulse of the notes so far moved onto it.
  package func steady(_ token: Token) -> Token {
    guard case .timeShift(let ticks) = token.meaning, ticks < Token.longestShift,
      let target = pulses.nearestPulse(to: time + ticks), abs(target - time - ticks) <= Self.steadyTicks
    else { return token }
    return .timeShift(min(max(target - time, shortestShift), Token.longestShift - 1))
  }

  /// The greatest distance over which a time shift is moved onto the pulse, in ticks: 31 ms.
  private static let steadyTicks = 2

  /// The length of the time shift that catches up with real time, at most the longest shift.
  var shortestShift: Int { min(Token.longestShift, max(1, earliest - time)) }

  /// The ticks until the latest onset.
  private var ticksToOnset: Int { latestOnset.map { max(1, $0 - time) } ?? .max }

  /// The ticks until a sounding note reaches the maximum duration.
  private var ticksToLongestNote: Int {
    guard constraints.longestNote < .max else { return .max }
    var ticks = Int.max
    // A note that was too long when the constraint was set may no longer be able to end in this tick.
    forEachOwn { pitch in ticks = min(ticks, max(1, onsetTimes[pitch] + constraints.longestNote - time)) }
    return ticks
  }

  private func forEachOwn(_ body: (Int) -> Void) {
    var rest = own
    while let pitch = rest.popFirst() { body(pitch) }
  }

  /// Whether a note has just ended and no own note sounds, where a piece may end.
  var isAtRest: Bool { last == .end && own.isEmpty }

  /// The ticks until the end.
  var ticksLeft: Int { end.map { max(0, $0 - time) } ?? .max }

  /// Whether a note may start at this tick.
  var mayStart: Bool { latestStart.map { time <= $0 } ?? true }

  /// Whether the end has been reached.
  public var isOver: Bool { ticksLeft == 0 || !mayStart && own.isEmpty }

  /// The note ends that release all sounding notes at the end: all of them started before this tick.
  public var releases: [Token] {
    (0..<128).filter(own.contains).map { .noteOff(Pitch(masking: UInt8($0))) }
  }
}
