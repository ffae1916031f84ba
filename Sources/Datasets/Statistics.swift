internal import MusicTokens

/// Statistics of the music in a dataset.
public struct Statistics: Codable, Hashable, Sendable {
  /// The training split.
  public var train = Part()
  /// The validation split.
  public var valid = Part()
  /// Nil where the split is empty.
  public var test: Part?

  /// The statistics of a split.
  public struct Part: Codable, Hashable, Sendable {
    /// The number of pieces.
    public var pieces = 0
    /// Works: groups of pieces.
    public var works = 0
    /// The number of notes.
    public var notes = 0
    /// The number of tokens.
    public var tokens = 0
    /// The duration in seconds.
    public var seconds = 0.0
    /// The number of tokens of each kind: NOTE_ON, NOTE_OFF, TIME_SHIFT, VELOCITY_CHANGE.
    public var kinds = [Int](repeating: 0, count: 4)
    /// The number of notes at each pitch.
    public var pitches = [Int](repeating: 0, count: 128)
    /// The number of notes at each dynamic level, pp…ff.
    public var levels = [Int](repeating: 0, count: 6)
    /// A histogram of TIME_SHIFT lengths: 1 tick, 2, 3–4, 5–8, … 257–512.
    public var shifts = [Int](repeating: 0, count: 10)

    /// Creates empty statistics.
    public init() {}

    mutating func add(_ tokens: UnsafeBufferPointer<UInt16>) {
      var level = 3
      for token in tokens {
        switch token {
        case Token.noteOns:
          kinds[0] += 1
          pitches[Int(token)] += 1
          levels[level] += 1
        case Token.noteOffs: kinds[1] += 1
        case Token.timeShifts:
          kinds[2] += 1
          shifts[Int.bitWidth - (Token.ticks(ofShift: token) - 1).leadingZeroBitCount] += 1
        default:
          kinds[3] += 1
          level = min(5, Int(token - Token.velocityChanges.lowerBound))
        }
      }
    }
  }

  /// Creates empty statistics.
  public init() {}

  /// The statistics of a dataset. O(tokens).
  public init(_ dataset: Dataset) {
    train = Self.part(of: dataset, .train)
    valid = Self.part(of: dataset, .valid)
    let test = Self.part(of: dataset, .test)
    if test.pieces > 0 { self.test = test }
  }

  private static func part(of dataset: Dataset, _ split: Split) -> Part {
    var part = Part()
    var works: Set<String> = []
    for piece in dataset.pieces(split) {
      part.pieces += 1
      part.notes += piece.notes
      part.tokens += piece.tokens
      part.seconds += piece.seconds
      works.insert(piece.group)
      dataset.withTokens(of: piece) { part.add($0) }
    }
    part.works = works.count
    return part
  }
}
