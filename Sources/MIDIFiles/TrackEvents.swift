internal import MusicCore

/// The events of a track as the bytes of a file, in the order in which they must stand.
struct TrackEvents {
  /// An event with its absolute time.
  struct Event {
    var tick: Int64
    var rank: Rank
    var bytes: [UInt8]
  }

  /// What comes first of the events of one tick.
  enum Rank: Int, Comparable {
    case meta, control, noteOff, noteOn

    static func < (a: Rank, b: Rank) -> Bool { a.rawValue < b.rawValue }
  }

  private(set) var events: [Event] = []
  private(set) var end: Int64 = 0

  /// Adds the tempo map, meters and keys of a score, and the ticks of its timecode as a tempo.
  mutating func add(timelineOf score: Score) {
    for change in Self.tempoChanges(of: score.tempoMap) {
      let value = change.microsecondsPerQuarter
      addMeta(0x51, [UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)], at: change.tick)
    }
    for meter in score.timeSignatures {
      let power = UInt8(meter.denominator.trailingZeroBitCount)
      addMeta(0x58, [UInt8(clamping: meter.numerator), power, 24, 8], at: meter.tick)
    }
    for key in score.keySignatures {
      addMeta(0x59, [UInt8(bitPattern: Int8(clamping: key.sharps)), key.isMinor ? 1 : 0], at: key.tick)
    }
  }

  /// Adds everything of a track.
  mutating func add(_ track: Track) {
    if track.port != 0 { addMeta(0x21, [track.port], at: .zero) }
    for text in track.texts {
      for part in Self.parts(of: text.bytes) { addMeta(text.kind.rawValue, part, at: text.tick) }
    }
    // libsmf puts the length in between by itself.
    for message in track.systemExclusives { append(message.tick, .control, [0xF0] + message.bytes + [0xF7]) }
    for control in track.controls {
      append(control.tick, .control, ChannelMessage(channel: control.channel, kind: .control(control.message)).bytes)
    }
    for note in track.notes {
      let channel = note.channel.rawValue
      append(note.onset, .noteOn, [0x90 | channel, note.pitch.rawValue, max(1, note.velocity.rawValue)])
      // The end of a note without length must follow its start.
      let rank: Rank = note.end > note.onset ? .noteOff : .noteOn
      append(note.end, rank, [0x80 | channel, note.pitch.rawValue, note.releaseVelocity.rawValue])
    }
    end = max(end, track.end.rawValue)
  }

  /// The events by rising time.
  var sorted: [Event] {
    // The standard library's sort is stable: what has one time and rank stays in the order of the score.
    events.sorted { ($0.tick, $0.rank) < ($1.tick, $1.rank) }
  }

  private mutating func addMeta(_ type: UInt8, _ data: some Collection<UInt8>, at tick: Tick) {
    append(tick, .meta, [0xFF, type] + (data.count < 128 ? [UInt8(data.count)] : [0x81, 0]) + data)
  }

  /// Text in parts of at most 128 bytes, the most that libsmf writes as one meta event; UTF-8 is cut between
  /// characters.
  private static func parts(of text: [UInt8]) -> [ArraySlice<UInt8>] {
    var parts: [ArraySlice<UInt8>] = []
    var rest = text[...]
    while rest.count > 128 {
      let end = rest.startIndex + 128
      let cut = (end - 3...end).last { text[$0] & 0xC0 != 0x80 } ?? end
      parts.append(rest[..<cut])
      rest = rest[cut...]
    }
    return parts + [rest]
  }

  private mutating func append(_ tick: Tick, _ rank: Rank, _ bytes: [UInt8]) {
    events.append(Event(tick: max(0, tick.rawValue), rank: rank, bytes: bytes))
    end = max(end, tick.rawValue)
  }

  /// The tempo changes that say the same in quarter notes: libsmf writes no timecode.
  static func tempoChanges(of map: TempoMap) -> [TempoChange] {
    guard case .timecode(let rate, _) = map.division else { return map.changes }
    return [TempoChange(tick: .zero, microsecondsPerQuarter: rate == .fps29_97 ? 1_001_000 : 1_000_000)]
  }

  /// The resolution that keeps the ticks of a score what they are, with `tempoChanges(of:)`.
  static func ticksPerQuarter(of division: Division) -> Int {
    switch division {
    case .metrical(let ticks): ticks
    case .timecode(let rate, let ticksPerFrame): (rate == .fps29_97 ? 30 : rate.rawValue) * ticksPerFrame
    }
  }
}
