package import MusicCore

/// A piece of music as it is written down: parts, bars, notes and marks, read from a source in the notation that
/// `docs/notation.md` describes. `score()` is how it is played.
package struct Manuscript: Sendable {
  package internal(set) var title: String?
  package internal(set) var composer: String?
  package internal(set) var arranger: String?
  /// The number in the catalog of the composer's works.
  package internal(set) var work: String?
  /// The edition that the notes were taken from.
  package internal(set) var source: String?
  /// The format of MIDI file to write: 0 has all parts in one track, 1 has a track for each.
  package internal(set) var format = 1
  package internal(set) var ticksPerQuarter = 480
  package internal(set) var parts: [Part] = []
  var sections: [Section] = []
  /// Which sections are played, in order, as indices.
  var form: [Int] = []
  /// The source, for the place of an error that only playing shows.
  var characters: [Unicode.Scalar] = []

  /// An instrument, or one hand of a pianist.
  package struct Part: Hashable, Sendable {
    package var name: String
    /// The name of the track.
    package var title: String
    package var program: Program
    package var channel: Channel
    /// 0…127, or nil to leave the instrument as it is.
    package var volume: UInt8?
    /// 0 left … 64 middle … 127 right, or nil.
    package var pan: UInt8?
    /// Added to every velocity.
    package var balance = 0
    /// The part that this one shares its dynamics with, as an index.
    package var followed: Int?
    package var isDrums: Bool { channel == .drums }
  }
}

/// Bars between repeats: the unit that `form` plays in order.
struct Section: Sendable {
  var name: String?
  var offset: Int
  var measures: [Measure] = []
  /// The bars of each part; none if the part is silent.
  var bars: [[Bar]]
}

/// The properties of a bar that all parts share.
struct Measure: Sendable {
  var meter: Meter
  /// The length in ticks; shorter than the meter in a pickup bar.
  var length: Int
  var isPartial: Bool
  var key: WrittenKey
  /// A tempo that begins with this bar.
  var tempo: TempoMark?
}

/// One bar of one part: voices that start together.
struct Bar: Sendable {
  var voices: [[Element]]
}

/// An element of a voice.
enum Element: Sendable {
  case sound(Sound)
  /// A rest, with its length in ticks.
  case rest(Int)
  case mark(Mark)
}

/// A note or chord as written.
struct Sound: Sendable {
  var heads: [Head]
  /// In ticks.
  var duration: Int
  var touch: Touch
  var accent = 0
  var lyric: String?
  var offset: Int

  struct Head: Sendable {
    var pitch: Pitch
    var isTied: Bool
  }
}

/// The articulation of a note: what fraction of its written length it sounds.
enum Touch: Sendable {
  case normal, legato, staccato
}

/// A direction between notes.
enum Mark: Sendable {
  /// A dynamic, as the velocity it is played with.
  case level(Int)
  case crescendo
  case diminuendo
  case pedalDown
  case pedalUp
  case tempo(TempoMark)
  /// A gradual change towards this many beats per minute, up to the next tempo mark.
  case ramp(beatsPerMinute: Double, isAccelerando: Bool, offset: Int)
  /// Back to the tempo before the last gradual change.
  case aTempo
  case text(String)
}
