internal import MusicAnalysis
package import MusicCore

/// The measures of a take compared with its reference: notes, tempo and evenness of the hands, bar by bar.
///
/// Times are seconds of the take; bars and beats are those of the reference, numbered as in print. Measures for which
/// there is too little music are nil.
package struct TakeMeasures: Sendable, Encodable {
  /// The number of notes of each kind. If a passage is played twice, its notes count twice.
  package struct Counts: Hashable, Sendable, Encodable {
    package var right = 0
    package var wrong = 0
    package var missing = 0
    package var extra = 0

    /// Notes that the take should have.
    package var expected: Int { right + wrong + missing }
    package var mistakes: Int { wrong + missing + extra }

    package mutating func count(_ kind: AlignedNote.Kind) {
      switch kind {
      case .right: right += 1
      case .wrong: wrong += 1
      case .missing: missing += 1
      case .extra: extra += 1
      }
    }
  }

  /// A passage: a section without a jump.
  package struct PassageSpan: Sendable, Encodable {
    package var startSeconds: Seconds
    package var endSeconds: Seconds
    package var startBar: Int?
    package var endBar: Int?
    package var referenceStartSeconds: Seconds
    package var referenceEndSeconds: Seconds
  }

  /// A note of the take, of the reference, or of both.
  package struct Note: Sendable, Encodable {
    package var kind: AlignedNote.Kind
    package var hand: Hand
    package var passage: Int
    package var bar: Int?
    package var beat: Double?
    /// The played and the written pitch, as MIDI numbers.
    package var pitch: UInt8?
    package var referencePitch: UInt8?
    /// The onset; for a missing note the time at which it would have been played.
    package var startSeconds: Seconds
    package var endSeconds: Seconds
    package var velocity: UInt8?
    package var referenceStartSeconds: Seconds?
    package var referenceEndSeconds: Seconds?
    package var referenceVelocity: UInt8?
  }

  package enum Hand: String, Hashable, Sendable, Encodable, CaseIterable {
    case right, left
  }

  package var counts: Counts
  /// The number of notes of the reference in bars that the take never reaches.
  package var notReached: Int
  package var passages: [PassageSpan]
  package var tempo: TakeTempo?
  /// The hands that have notes in the reference.
  package var hands: [HandMeasures]
  /// The asynchrony of the hands where they are written together.
  package var together: Asynchrony?
  /// The bars in the order of the take.
  package var bars: [TakeBar]
  /// The notes in the order of the take.
  package var notes: [Note]

  /// Whether so few notes agree that the two are probably different pieces.
  package var isDoubtful: Bool { 2 * counts.right < counts.right + counts.wrong + counts.extra }

  /// The measures of an alignment with the notes of a score.
  package init(_ alignment: TakeAlignment, reference score: Score) {
    let grid = MetricalGrid(score)
    let positions = grid.flatMap(BarPositions.init)
    let places = Places(alignment, positions)
    counts = Counts()
    for note in alignment.notes { counts.count(note.kind) }
    var isReached = Array(repeating: false, count: alignment.reference.count)
    for passage in alignment.passages { for note in passage.reference { isReached[note] = true } }
    notReached = isReached.count { !$0 }
    passages = alignment.passages.map { passage in
      let (played, expected) = (alignment.take[passage.played], alignment.reference[passage.reference])
      let (first, last) = (expected[expected.startIndex].onset, expected[expected.endIndex - 1].onset)
      return PassageSpan(
        startSeconds: played[played.startIndex].onset, endSeconds: played.map(\.end).max() ?? .zero,
        startBar: places.place(of: first)?.bar, endBar: places.place(of: last)?.bar, referenceStartSeconds: first,
        referenceEndSeconds: expected.map(\.end).max() ?? .zero)
    }
    tempo = grid.flatMap { TakeTempo(alignment, grid: $0, positions) }
    bars = positions.map { TakeBar.all(alignment, places, $0) } ?? []
    let chords = HandChords(alignment, grid)
    hands = Hand.allCases.compactMap { HandMeasures($0, alignment, chords) }
    together = Asynchrony(alignment)
    notes = alignment.notes.map { places.note($0) }
  }
}

/// The positions of the notes of an alignment in the bars of the reference.
struct Places {
  private let alignment: TakeAlignment
  private let positions: BarPositions?

  init(_ alignment: TakeAlignment, _ positions: BarPositions?) {
    (self.alignment, self.positions) = (alignment, positions)
  }

  /// The bar of a time of the reference; times before the first bar count as in it.
  func place(of time: Seconds) -> BarPositions.Place? {
    positions.flatMap { $0.place(of: max(time, $0.beats[$0.downbeats[0]])) }
  }

  /// The bar of a note, by its onset in the reference if it has one.
  func place(of note: AlignedNote) -> BarPositions.Place? {
    place(
      of: note.reference.map { alignment.reference[$0].onset }
        ?? alignment.passages[note.passage].warp.reference(note.time))
  }

  /// The report of a note.
  func note(_ note: AlignedNote) -> TakeMeasures.Note {
    let played = note.played.map { alignment.take[$0] }
    let expected = note.reference.map { alignment.reference[$0] }
    let place = place(of: note)
    let warp = alignment.passages[note.passage].warp
    return TakeMeasures.Note(
      kind: note.kind, hand: note.isRightHand ? .right : .left, passage: note.passage, bar: place?.bar,
      beat: place?.beat, pitch: played?.pitch.rawValue, referencePitch: expected?.pitch.rawValue,
      startSeconds: note.time, endSeconds: played?.end ?? expected.map { warp.played($0.end) } ?? note.time,
      velocity: played?.velocity.rawValue, referenceStartSeconds: expected?.onset, referenceEndSeconds: expected?.end,
      referenceVelocity: expected?.velocity.rawValue)
  }
}
