internal import MusicCore

/// What is left over when the notes of a track are paired: another track may have its partner.
struct LooseEnds {
  /// A key of a channel of a port, in one number.
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

  /// Whether there are other tracks; else only the numbers are kept.
  var isKept = true
  private(set) var noteOffs: [NoteOff] = []
  /// By their indices in the track.
  private(set) var notes: [Int32] = []
  private(set) var noteOffCount = 0
  private(set) var noteCount = 0
  /// The byte in the file of the first note-off.
  private(set) var firstNoteOff = 0
  /// Notes that sound to the end of the track although `ReversedPairs` sorted their ends.
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

/// A message that ends the notes of a channel, or of an instrument where it names none.
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

  /// Where it stands in the order of a player.
  var place: (tick: Tick, track: Int, turn: UInt8, rank: EventStream.Rank) {
    (tick, Int(track), turn, channel == nil ? .systemExclusive : .control)
  }
}
