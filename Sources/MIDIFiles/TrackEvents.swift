internal import MusicCore

/// The events of a file's track as bytes. Within a tick meta events come first, then messages in the order of the
/// score's event stream.
struct TrackEvents {
  /// An event with its absolute time.
  struct Event {
    var tick: Int64
    var bytes: [UInt8]
  }

  private var metas: [Event] = []
  private var messages: [Event] = []
  /// The port of the latest message.
  private var port: UInt8 = 0
  private(set) var end: Int64 = 0

  /// Adds the tempo map, meters and keys of a score, and the equivalent tempo if it uses timecode.
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

  /// Adds the texts and the end of a track.
  mutating func add(_ track: Track) {
    for text in track.texts {
      for part in Self.parts(of: text.bytes) { addMeta(text.kind.rawValue, part, at: text.tick) }
    }
    end = max(end, track.end.rawValue)
  }

  /// Adds the next message of the event stream.
  mutating func add(_ event: ScoreEvent) {
    if event.port != port {
      messages.append(Event(tick: event.tick.rawValue, bytes: [0xFF, 0x21, 1, event.port]))
      port = event.port
    }
    var bytes = event.message.bytes
    // A note-on with velocity 0 would end a note.
    if bytes[0] & 0xF0 == 0x90 { bytes[2] = max(1, bytes[2]) }
    messages.append(Event(tick: event.tick.rawValue, bytes: bytes))
    end = max(end, event.tick.rawValue)
  }

  /// The events by rising time.
  var sorted: [Event] {
    // The standard library's sort is stable, so events of the same tick stay in order.
    var rest = metas.sorted { $0.tick < $1.tick }[...]
    var all: [Event] = []
    all.reserveCapacity(metas.count + messages.count)
    for message in messages {
      while let meta = rest.first, meta.tick <= message.tick { all.append(rest.removeFirst()) }
      all.append(message)
    }
    return all + rest
  }

  private mutating func addMeta(_ type: UInt8, _ data: some Collection<UInt8>, at tick: Tick) {
    let length = data.count < 128 ? [UInt8(data.count)] : [0x81, 0]
    metas.append(Event(tick: max(0, tick.rawValue), bytes: [0xFF, type] + length + data))
    end = max(end, tick.rawValue)
  }

  /// A text in parts of at most 128 bytes, the longest that libsmf writes as one meta event; UTF-8 is split between
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

  /// The equivalent tempo changes for a division in quarter notes, since libsmf cannot write timecode.
  static func tempoChanges(of map: TempoMap) -> [TempoChange] {
    guard case .timecode(let rate, _) = map.division else { return map.changes }
    return [TempoChange(tick: .zero, microsecondsPerQuarter: rate == .fps29_97 ? 1_001_000 : 1_000_000)]
  }

  /// The resolution that, with `tempoChanges(of:)`, preserves the ticks of a score.
  static func ticksPerQuarter(of division: Division) -> Int {
    switch division {
    case .metrical(let ticks): ticks
    case .timecode(let rate, let ticksPerFrame): (rate == .fps29_97 ? 30 : rate.rawValue) * ticksPerFrame
    }
  }
}
