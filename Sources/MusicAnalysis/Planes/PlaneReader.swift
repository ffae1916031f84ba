public import MusicCore
public import MusicTokens

/// Reads a token stream and updates the state of the music after each token, in constant memory.
///
/// ```swift
/// var reader = PlaneReader()
/// for token in tokens { rows.append(reader.read(token)) }
/// ```
/// Any tokens are accepted: the end of a pitch that does not sound is ignored, and the start of one that does is a new
/// onset.
public struct PlaneReader: Sendable {
  /// The positions of the beats.
  public enum Beats: Sendable {
    /// Equidistant beats from the start of the stream, for live input, whose beats are unknown.
    case every(Seconds)
    /// The beats of a metrical grid.
    case grid(MetricalGrid)
  }

  /// The state after the tokens that were read.
  public private(set) var row = PlaneRow()

  private let beats: Beats
  private var lastOnset: Int?
  private var lastTop: Int?
  private var currentTop: Int?
  private var hasLevel = false

  /// A reader at the start of a stream; the default is 120 beats per minute, the tempo of decoded streams.
  public init(beats: Beats = .every(Seconds(0.5))) {
    self.beats = beats
    row.beatPosition = beatPosition
  }

  /// Reads a token and returns the state after it. O(1), or O(log n) in the beats of a grid.
  public mutating func read(_ token: Token) -> PlaneRow {
    switch token.meaning {
    case .noteOn(let pitch): strike(pitch)
    case .noteOff(let pitch): row.sounding.remove(pitch)
    case .timeShift(let ticks): advance(by: ticks)
    case .velocityChange(let level):
      row.levelChange = hasLevel ? Int(level.rawValue) - Int(row.level.rawValue) : 0
      row.level = level
      hasLevel = true
    }
    return row
  }

  private mutating func strike(_ pitch: Pitch) {
    if row.onsets.isEmpty {
      row.interOnsetTicks = lastOnset.map { row.tick - $0 } ?? 0
      lastOnset = row.tick
      lastTop = currentTop
      currentTop = nil
    }
    row.sounding.insert(pitch)
    row.onsets.insert(pitch)
    row.ticksSinceOnset = 0
    let top = max(currentTop ?? 0, Int(pitch.rawValue))
    currentTop = top
    row.topInterval = lastTop.map { top - $0 } ?? 0
  }

  private mutating func advance(by ticks: Int) {
    row.tick += ticks
    row.onsets = PitchSet()
    row.ticksSinceOnset = lastOnset.map { row.tick - $0 } ?? 0
    row.beatPosition = beatPosition
  }

  private var beatPosition: Float {
    let time = TokenTime(rawValue: row.tick).seconds
    let position =
      switch beats {
      case .every(let period): time.rawValue / period.rawValue
      case .grid(let grid): grid.position(of: time)
      }
    return min(Float(position - position.rounded(.down)), 1 - .ulpOfOne)
  }
}

/// The planes of whole streams.
public enum Planes {
  /// The state after each token. O(n).
  public static func perToken(_ tokens: some Sequence<Token>, beats: PlaneReader.Beats = .every(Seconds(0.5)))
    -> [PlaneRow]
  {
    var reader = PlaneReader(beats: beats)
    return tokens.map { reader.read($0) }
  }

  /// Calls `body` with the state at each tick of 1/64 s, after all tokens of that tick. O(ticks).
  public static func forEachTick(
    _ tokens: some Sequence<Token>, beats: PlaneReader.Beats = .every(Seconds(0.5)), _ body: (PlaneRow) throws -> Void
  ) rethrows {
    var reader = PlaneReader(beats: beats)
    for token in tokens {
      guard case .timeShift(let ticks) = token.meaning else {
        _ = reader.read(token)
        continue
      }
      for _ in 0..<ticks {
        try body(reader.row)
        _ = reader.read(.timeShift(1))
      }
    }
    try body(reader.row)
  }
}
