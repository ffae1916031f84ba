internal import MusicCore

/// The unpaired note-ons and note-offs of a track, whose partners may be in another track.
struct UnpairedEvents {
  /// A key of a channel of a port, encoded as one integer.
  struct Key: Hashable {
    let number: UInt32

    init(port: UInt8, channel: UInt8, pitch: UInt8) {
      number = UInt32(port) << 11 | UInt32(channel & 0x0F) << 7 | UInt32(pitch & 0x7F)
    }

    /// The number of its channel and port.
    var part: Int { Int(number >> 7) }

    init(_ note: Note) {
      self.init(port: note.port, channel: note.channel.rawValue, pitch: note.pitch.rawValue)
    }
  }

  /// A note-off without a note.
  struct NoteOff {
    var tick: Tick
    var key: Key
    /// The index of its track.
    var track: UInt32 = 0
    var turn: UInt8
    var velocity: UInt8
  }

  /// A note that sounds to the end of its track.
  struct HangingNote: Hashable {
    var track: Int32
    var note: Int32
  }

  /// Whether the events themselves are kept, for other tracks; otherwise they are only counted.
  var isKept = true
  private(set) var noteOffs: [NoteOff] = []
  /// The notes without a note-off, as indices in the track.
  private(set) var notes: [Int32] = []
  private(set) var noteOffCount = 0
  private(set) var noteCount = 0
  /// The byte offset in the file of the first note-off.
  private(set) var firstNoteOff = 0
  /// The number of notes that sound to the end of the track even after `ReversedPairs` mended their keys.
  var mended = 0

  mutating func append(_ noteOff: @autoclosure () -> NoteOff, at offset: Int) {
    if noteOffCount == 0 { firstNoteOff = offset }
    noteOffCount += 1
    if isKept { noteOffs.append(noteOff()) }
  }

  mutating func append(note index: Int) {
    noteCount += 1
    if isKept { notes.append(Int32(truncatingIfNeeded: index)) }
  }
}

/// A message that ends the notes of a channel or, if it names none, of all channels.
struct NoteSilence {
  var tick: Tick
  var turn: UInt8
  var port: UInt8 = 0
  var channel: Channel?
  /// The index of its track.
  var track: UInt32 = 0

  /// The number of all channels together.
  static let everywhere = -1
  /// The number of the channel and port.
  var part: Int { channel.map { Int(port) << 4 | Int($0.rawValue) } ?? Self.everywhere }

  /// The position in the order of a player.
  var place: (tick: Tick, track: Int, turn: UInt8, rank: EventStream.Rank) {
    (tick, Int(track), turn, channel == nil ? .systemExclusive : .control)
  }
}
