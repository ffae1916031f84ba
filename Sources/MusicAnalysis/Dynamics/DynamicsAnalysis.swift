internal import Glibc
public import MusicCore

/// The dynamics of a piece: its loudness and the changes of it. Levels are MIDI velocities, 1…127.
///
/// Results for which the piece is too short are nil or empty.
public struct DynamicsAnalysis: Hashable, Sendable, Codable {
  /// The level at a time.
  public struct LevelPoint: Hashable, Sendable, Codable {
    /// The time.
    public var seconds: Seconds
    /// The level as a velocity.
    public var velocity: Double
  }

  /// A crescendo or diminuendo.
  public struct Hairpin: Hashable, Sendable, Codable {
    /// Crescendo or diminuendo.
    public var kind: Kind
    /// When it begins.
    public var startSeconds: Seconds
    /// When it ends.
    public var endSeconds: Seconds
    /// The level at its beginning, as a velocity.
    public var fromVelocity: Double
    /// The level at its end.
    public var toVelocity: Double

    /// The direction of the hairpin.
    public enum Kind: String, Hashable, Sendable, Codable {
      case crescendo, diminuendo
    }
  }

  /// A note that is louder than its surroundings.
  public struct Accent: Hashable, Sendable, Codable {
    /// When the note starts.
    public var seconds: Seconds
    /// Its pitch.
    public var pitch: Pitch
    /// Its velocity.
    public var velocity: Velocity
    /// The difference from the mean velocity of the surrounding seconds, in standard deviations.
    public var prominence: Double
  }

  /// A phrase defined by its dynamics: a rise to a climax and a fall.
  public struct PhraseArc: Hashable, Sendable, Codable {
    /// When the phrase begins.
    public var startSeconds: Seconds
    /// When it is loudest.
    public var climaxSeconds: Seconds
    /// When it ends.
    public var endSeconds: Seconds
    /// The level at its loudest, as a velocity.
    public var climaxVelocity: Double
  }

  /// The dynamics of one part.
  public struct Part: Hashable, Sendable, Codable {
    /// The name of the part.
    public var name: String
    /// The number of its notes.
    public var notes: Int
    /// The mean velocity of its notes.
    public var meanVelocity: Double
  }

  /// The mean velocity of all notes.
  public var meanVelocity: Double?
  /// The level nearest to the mean.
  public var level: DynamicLevel?
  /// The difference between the 95th and the 5th percentile of the velocities.
  public var velocityRange: Double?
  /// The number of notes at each level pp, p, mp, mf, f, ff.
  public var levelCounts: [Int]
  /// The level in the course of the piece.
  public var curve: [LevelPoint]
  /// The crescendi and diminuendi.
  public var hairpins: [Hairpin]
  /// The accented notes.
  public var accents: [Accent]
  /// The dynamic arcs of the phrases.
  public var phraseArcs: [PhraseArc]
  /// The right hand and the left, if each has notes.
  public var hands: [Part]
  /// The tracks that have notes.
  public var tracks: [Part]
  /// The mean velocity of the melody minus that of the other notes (melody lead).
  public var melodyLead: Double?

  /// The dynamics of a score without its drums. O(n log n).
  public init(_ score: Score) {
    let notes = score.playedNotes()
    let names = score.tracks.enumerated().map { $1.name ?? "track \($0 + 1)" }
    self.init(notes: notes, melody: MelodicLine(notes), trackNames: names)
  }

  init(notes: [PlayedNote], melody: MelodicLine, trackNames: [String]) {
    let velocities = notes.map { Double($0.velocity.rawValue) }
    levelCounts = DynamicLevel.allCases.map { level in
      notes.count { DynamicLevel(nearest: $0.velocity) == level }
    }
    if !notes.isEmpty {
      let mean = velocities.reduce(0, +) / Double(notes.count)
      let sorted = velocities.sorted()
      meanVelocity = mean
      level = DynamicLevel(nearest: Velocity(masking: UInt8(mean.rounded())))
      velocityRange = sorted[(sorted.count - 1) * 95 / 100] - sorted[(sorted.count - 1) * 5 / 100]
    }
    let levels = LevelCurve(notes)
    curve = levels.levels.enumerated().map { LevelPoint(seconds: levels.time($0), velocity: $1) }
    hairpins = levels.hairpins
    phraseArcs = levels.phraseArcs
    accents = Accent.find(notes)
    hands = Self.hands(notes)
    tracks = trackNames.enumerated().compactMap { index, name in
      Part(name: name, notes.filter { $0.track == index })
    }
    if notes.count > melody.notes.count, !melody.notes.isEmpty {
      let sum = melody.notes.reduce(0) { $0 + Double($1.velocity.rawValue) }
      let rest = (velocities.reduce(0, +) - sum) / Double(notes.count - melody.notes.count)
      melodyLead = sum / Double(melody.notes.count) - rest
    }
  }

  private static func hands(_ notes: [PlayedNote]) -> [Part] {
    let isRight = Hands(notes).isRight
    func hand(right: Bool) -> [PlayedNote] { zip(notes, isRight).filter { $0.1 == right }.map(\.0) }
    return [Part(name: "right", hand(right: true)), Part(name: "left", hand(right: false))].compactMap { $0 }
  }
}

extension DynamicsAnalysis.Part {
  init?(name: String, _ notes: [PlayedNote]) {
    guard !notes.isEmpty else { return nil }
    self.init(
      name: name, notes: notes.count,
      meanVelocity: notes.reduce(0) { $0 + Double($1.velocity.rawValue) } / Double(notes.count))
  }
}
