public import MusicCore
internal import MusicTokens

/// The state of a keyboard after the tokens of a stream so far: the sounding keys, the time of each key's last onset,
/// and the current dynamic level.
///
/// ```swift
/// var state = KeyboardState()
/// for token in tokens { state.apply(token) }
/// state.isSounding(60)
/// ```
/// It is an input of the model at each token (`KeyPlanes`), also in windows that begin in the middle of a piece. Memory
/// and the time per token are constant. Any tokens are accepted: the end of a key that does not sound is ignored, and
/// the start of one that does is a new onset.
public struct KeyboardState: Sendable {
  /// Ticks of 1/64 s since the state was created.
  private var tick: Int32 = 0
  /// The time since the state was created, on which `TokenWindow.chart` is based. States that differ only in it are equal.
  public var time: TokenTime { TokenTime(rawValue: Int(tick)) }
  /// The sounding keys.
  public private(set) var sounding = PitchSet()
  /// The tick of each key's last onset; `never` if there was none.
  private var onsets = InlineArray<128, Int32>(repeating: never)
  /// The current velocity level, 0 (pp) … 5 (ff); nil before the first one.
  public private(set) var level: UInt8?

  private static let never = Int32.min

  /// The state at the start of a stream: silence.
  public init() {}

  /// Reads a token, 0…773; ids from 774 up are ignored. O(1).
  public mutating func apply(_ token: UInt16) {
    switch token {
    case Token.noteOns:
      sounding.insert(Int(token))
      onsets[Int(token)] = tick
    case Token.noteOffs: sounding.remove(Int(token - Token.noteOffs.lowerBound))
    case Token.timeShifts: advance(by: Int32(Token.ticks(ofShift: token)))
    case Token.velocityChanges: level = UInt8(token - Token.velocityChanges.lowerBound)
    default: break
    }
  }

  /// Whether a pitch sounds.
  public func isSounding(_ pitch: Int) -> Bool { sounding.contains(pitch) }

  /// The ticks since a key's last onset; nil if there was none.
  public func ticksSinceOnset(of pitch: Int) -> Int? {
    onsets[pitch] == Self.never ? nil : Int(tick) - Int(onsets[pitch])
  }

  private mutating func advance(by ticks: Int32) {
    let (next, overflows) = tick.addingReportingOverflow(ticks)
    guard overflows else {
      tick = next
      return
    }
    // The tick overflows after more than a year of music. It restarts at 0, and the onsets move with it: only time
    // differences matter, and all onsets further back than the range of Int32 are equivalent.
    for pitch in 0..<128 where onsets[pitch] != Self.never {
      onsets[pitch] = Int32(max(Int(Self.never) + 1, Int(onsets[pitch]) - Int(tick)))
    }
    tick = ticks
  }
}

// MARK: Changes

extension KeyboardState {
  /// The state of the same music transposed, at another tempo and level. Keys outside 0…127 are dropped.
  ///
  /// - Parameters:
  ///   - semitones: the transposition.
  ///   - levels: the change of the level, which stays within pp…ff.
  ///   - ticks: maps a duration in ticks to its new value.
  public func changed(semitones: Int, levels: Int, ticks: (Int) -> Int) -> KeyboardState {
    var result = KeyboardState()
    result.level = level.map { UInt8(min(5, max(0, Int($0) + levels))) }
    for pitch in 0..<128 where (0..<128).contains(pitch + semitones) {
      if isSounding(pitch) { result.sounding.insert(pitch + semitones) }
      if let since = ticksSinceOnset(of: pitch) {
        result.onsets[pitch + semitones] = Int32(clamping: -min(ticks(since), Int(Int32.max)))
      }
    }
    return result
  }
}

extension KeyboardState: Hashable {
  /// States are equal if no later tokens can distinguish them.
  public static func == (a: KeyboardState, b: KeyboardState) -> Bool {
    a.sounding == b.sounding && a.level == b.level
      && (0..<128).allSatisfy { a.ticksSinceOnset(of: $0) == b.ticksSinceOnset(of: $0) }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(sounding)
    hasher.combine(level)
  }
}
