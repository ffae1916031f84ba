public import MusicCore

/// A score as notation: parts, staves, measures and voices, with note values that can be engraved.
public struct NotatedScore: Hashable, Sendable {
  /// The title of the work.
  public var title: String?
  /// The name of the composer.
  public var composer: String?
  /// The parts, from the top of the page down.
  public var parts: [NotatedPart]

  /// Creates a score.
  public init(title: String? = nil, composer: String? = nil, parts: [NotatedPart] = []) {
    (self.title, self.composer, self.parts) = (title, composer, parts)
  }

  /// The number of units per quarter note in which positions and lengths are measured. All note values down to 256th
  /// notes, and tuplets of 3, 5, 7 and 9 down to sixteenths, are whole numbers of units.
  public static let unitsPerQuarter = 20_160
}

/// A part of one or two staves.
public struct NotatedPart: Hashable, Sendable {
  /// The name before the staves.
  public var name: String
  /// The General MIDI program.
  public var program: Program
  /// The channel that players use.
  public var channel: Channel
  /// A clef for each staff, from the top.
  public var clefs: [Clef]
  /// The measures; all parts have the same number.
  public var measures: [NotatedMeasure]

  /// The clef at the beginning of a staff.
  public enum Clef: Hashable, Sendable {
    case treble, bass
  }

  /// Creates a part.
  public init(name: String, program: Program, channel: Channel, clefs: [Clef], measures: [NotatedMeasure] = []) {
    (self.name, self.program, self.channel, self.clefs, self.measures) = (name, program, channel, clefs, measures)
  }
}

/// A measure of a part. Positions are in units from its start.
public struct NotatedMeasure: Hashable, Sendable {
  /// The printed number; 0 for a pickup.
  public var number: Int
  /// Whether it is shorter than its meter, as a pickup is.
  public var isIncomplete = false
  /// The length in units.
  public var length: Int
  /// The meter, in the first measure and where it changes.
  public var meter: Meter?
  /// The key signature, in the first measure and where it changes.
  public var key: KeySignature?
  /// The tempo changes in the measure.
  public var tempos: [Tempo] = []
  /// The pedal marks in the measure.
  public var pedals: [Pedal] = []
  /// The voices, each of which fills the measure.
  public var voices: [NotatedVoice] = []

  /// Creates a measure without music.
  public init(number: Int, length: Int) { (self.number, self.length) = (number, length) }

  /// A tempo mark.
  public struct Tempo: Hashable, Sendable {
    /// Its position in the measure, in units.
    public var start: Int
    /// Quarter notes per minute.
    public var beatsPerMinute: Double
    /// Whether a metronome mark is printed.
    public var isPrinted: Bool

    /// Creates a tempo mark.
    public init(start: Int, beatsPerMinute: Double, isPrinted: Bool) {
      (self.start, self.beatsPerMinute, self.isPrinted) = (start, beatsPerMinute, isPrinted)
    }
  }

  /// A change of the sustain pedal.
  public struct Pedal: Hashable, Sendable {
    /// Its position in the measure, in units.
    public var start: Int
    /// Whether the pedal is pressed or released.
    public var isDown: Bool

    /// Creates a pedal mark.
    public init(start: Int, isDown: Bool) { (self.start, self.isDown) = (start, isDown) }
  }
}

/// A voice of a measure: notes, chords and rests that follow each other without gaps and fill it.
public struct NotatedVoice: Hashable, Sendable {
  /// From 1, over all staves of the part.
  public var number: Int
  /// From 1.
  public var staff: Int
  /// The notes and rests, in order.
  public var elements: [NotatedElement]

  /// Creates a voice.
  public init(number: Int, staff: Int, elements: [NotatedElement]) {
    (self.number, self.staff, self.elements) = (number, staff, elements)
  }
}

/// A note, a chord or a rest.
public struct NotatedElement: Hashable, Sendable {
  /// The position in the measure, in units.
  public var start: Int
  /// The length in units.
  public var length: Int
  /// The written value.
  public var value: NoteValue
  /// By rising pitch; empty for a rest.
  public var heads: [NoteHead]
  /// Whether a tuplet begins or ends with it.
  public var beginsTuplet = false
  /// Whether a tuplet ends after it.
  public var endsTuplet = false
  /// Whether it has a staccato dot: it sounds for half of its length.
  public var isStaccato = false

  /// Creates a note, a chord or, without heads, a rest.
  public init(start: Int, length: Int, value: NoteValue, heads: [NoteHead]) {
    (self.start, self.length, self.value, self.heads) = (start, length, value, heads)
  }
}

/// A note head.
public struct NoteHead: Hashable, Sendable {
  /// The spelled pitch.
  public var pitch: SpelledPitch
  /// The velocity at which it is played.
  public var velocity: Velocity
  /// Whether a tie to the next note begins here.
  public var isTieStart = false
  /// Whether a tie from the note before ends here.
  public var isTieEnd = false

  /// Creates a note head without ties.
  public init(pitch: SpelledPitch, velocity: Velocity) { (self.pitch, self.velocity) = (pitch, velocity) }
}

/// A printed note value.
public struct NoteValue: Hashable, Sendable {
  /// The fraction of a whole note: 4 for a quarter note.
  public var denominator: Int
  /// The number of augmentation dots.
  public var dots: Int
  /// The ratio of the tuplet that it belongs to, if any.
  public var tuplet: Tuplet?

  /// The ratio of a tuplet, such as 3 in the time of 2.
  public struct Tuplet: Hashable, Sendable {
    /// The number of notes that are played.
    public var actual: Int
    /// The number of notes of the same value in whose time they are played.
    public var normal: Int

    /// Creates a ratio.
    public init(actual: Int, normal: Int) { (self.actual, self.normal) = (actual, normal) }
  }

  /// Creates a note value.
  public init(denominator: Int, dots: Int = 0, tuplet: Tuplet? = nil) {
    (self.denominator, self.dots, self.tuplet) = (denominator, dots, tuplet)
  }

  /// The note value of a length in units outside tuplets, with up to two dots; nil if there is none.
  public init?(units: Int) {
    let whole = 4 * NotatedScore.unitsPerQuarter
    for denominator in [1, 2, 4, 8, 16, 32, 64, 128, 256] {
      let base = whole / denominator
      for (dots, length) in [base, base * 3 / 2, base * 7 / 4].enumerated() where length == units {
        // Half of the smallest value is not a whole number of units.
        guard dots == 0 || base.isMultiple(of: 1 << dots) else { continue }
        self.init(denominator: denominator, dots: dots)
        return
      }
    }
    return nil
  }
}

/// A pitch with its spelling.
public struct SpelledPitch: Hashable, Sendable {
  /// C, D, E, F, G, A or B.
  public var step: Character
  /// The number of sharps, or of flats if negative.
  public var alteration: Int
  /// The octave of the letter: B♯ belongs to the octave below the C that it sounds as.
  public var octave: Int

  /// The pitch with the letter and accidentals of a name.
  public init(_ pitch: Pitch, spelled name: NoteName) {
    (step, alteration, octave) = (name.letter, name.alteration, pitch.octave(spelled: name))
  }
}
