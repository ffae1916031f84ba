internal import MusicCore

/// Reads the events of one track (Standard MIDI Files 1.0, "Track Chunks").
struct TrackReader {
  private let bytes: FileBytes
  private let limit: Int
  private var offset: Int
  private var time: Int64 = 0
  /// The last channel status, or 0.
  private var status: UInt8 = 0
  /// Whether there has been no status yet, or a meta, SysEx or system event has canceled it.
  private var isStatusCancelled = true
  private var pairing = NotePairing()
  private var openSystemExclusive: [UInt8]?

  private(set) var track = Track()
  private(set) var timeline = Timeline()
  /// The events without a partner in this track.
  private(set) var unpaired = UnpairedEvents()
  /// The messages that end all notes of a channel, including those of other tracks.
  private(set) var silences: [NoteSilence] = []
  private var port: UInt8 = 0
  private let log: RepairLog

  /// Creates a reader of the events from `start` on that never reads at or beyond `limit`.
  init(bytes: FileBytes, start: Int, limit: Int, log: RepairLog) {
    self.bytes = bytes
    self.limit = limit
    self.log = log
    offset = start
  }

  /// Reads up to and including the end-of-track event and returns the offset after it, or nil if there is none.
  ///
  /// - Parameters:
  ///   - pairing: without sounding notes before and after; shared by the tracks of a file because it is large.
  ///   - isAlone: whether this is the only track, so that unpaired events need not be kept.
  mutating func read(pairing: inout NotePairing, isAlone: Bool) throws(MIDIFileError) -> Int? {
    swap(&self.pairing, &pairing)
    self.pairing.unpaired.isKept = !isAlone
    defer { swap(&self.pairing, &pairing) }
    // A note takes about seven bytes, and at least three.
    self.pairing.reserve((limit - offset) / 8)
    let end = try readEvents()
    let tick = Tick(rawValue: time)
    self.pairing.closeAll(at: tick, offset: end ?? limit)
    if self.pairing.zeroLengthNotes > 0 {
      try log.note(.zeroLengthNote, at: self.pairing.firstZeroLength, count: self.pairing.zeroLengthNotes)
    }
    unpaired = self.pairing.takeUnpaired()
    let (noteOffs, hanging) = (unpaired.noteOffCount, unpaired.noteCount + unpaired.mended)
    if noteOffs > 0 { try log.note(.orphanNoteOff, at: unpaired.firstNoteOff, count: noteOffs) }
    if hanging > 0 { try log.note(.hangingNote, at: end ?? limit, count: hanging) }
    track.notes = self.pairing.takeNotes()
    track.end = tick
    return end
  }

  private mutating func readEvents() throws(MIDIFileError) -> Int? {
    while offset < limit {
      time &+= Int64(try readVariableLength())
      guard offset < limit else { break }
      let byte = bytes[offset]
      if byte < 0xF0 {
        if byte >= 0x80 {
          status = byte
          isStatusCancelled = false
          offset &+= 1
        } else if isStatusCancelled {
          guard try canRunOn() else { continue }
        }
        guard try readChannelMessage() else { break }
      } else {
        isStatusCancelled = true
        offset += 1
        switch byte {
        case 0xFF: if try readMeta() { return offset }
        case 0xF0, 0xF7: try readSystemExclusive(isStart: byte == 0xF0)
        default: try skipSystemMessage(byte)
        }
      }
    }
    return nil
  }

  /// Whether running status applies to the data bytes here; otherwise skips them.
  private mutating func canRunOn() throws(MIDIFileError) -> Bool {
    guard status != 0 else {
      try log.note(.dataWithoutStatus, at: offset)
      resynchronise()
      return false
    }
    isStatusCancelled = false
    try log.note(.resumedRunningStatus, at: offset)
    return true
  }

  // MARK: Numbers

  /// Reads a variable-length quantity of up to four bytes; a longer one is clamped to 0x0FFFFFFF.
  @inline(__always)
  private mutating func readVariableLength() throws(MIDIFileError) -> Int {
    let first = bytes[offset]
    offset &+= 1
    return first < 0x80 ? Int(first) : try readLongVariableLength(Int(first & 0x7F))
  }

  private mutating func readLongVariableLength(_ high: Int) throws(MIDIFileError) -> Int {
    let start = offset - 1
    var value = high
    while offset < limit {
      let byte = bytes[offset]
      offset += 1
      value = min(value << 7 | Int(byte & 0x7F), 0x0FFF_FFFF)
      if byte < 0x80 {
        if offset - start > 4 { try log.note(.longVariableLength, at: start) }
        return value
      }
    }
    try log.note(.truncatedEvent, at: start)
    return 0
  }

  // MARK: Damage

  /// Skips to the next plausible event with a valid delta time before it.
  private mutating func resynchronise() {
    let start = offset
    var status = offset + 1
    while status < limit, !isEvent(at: status) { status += 1 }
    offset = min(status, limit)
    guard status < limit else { return }
    // An F7 is more likely the end of a SysEx message than part of a delta time.
    repeat { offset -= 1 } while offset > start && status - offset < 4 && (0x80..<0xF7).contains(bytes[offset - 1])
  }

  /// Whether a plausible complete event is at an offset; not F7 events, because F7 more often ends a message.
  private func isEvent(at offset: Int) -> Bool {
    guard offset + 1 < limit, bytes[offset + 1] < 0x80 else { return false }
    switch bytes[offset] {
    case 0xC0...0xDF: return true
    case 0x80...0xEF: return offset + 2 < limit && bytes[offset + 2] < 0x80
    case 0xF0: return offset + 2 + Int(bytes[offset + 1]) <= limit
    case 0xFF: return offset + 2 < limit && offset + 3 + Int(bytes[offset + 2]) <= limit
    default: return false
    }
  }

  /// Whether a plausible delta time and event are at an offset.
  private func isTimedEvent(at offset: Int) -> Bool {
    var status = offset
    while status < limit, status < offset + 3, bytes[status] >= 0x80 { status += 1 }
    return isEvent(at: status + 1)
  }

  private mutating func skipSystemMessage(_ status: UInt8) throws(MIDIFileError) {
    try log.note(.systemMessage, at: offset - 1)
    var dataBytes = status == 0xF2 ? 2 : status == 0xF1 || status == 0xF3 ? 1 : 0
    while dataBytes > 0, offset < limit, bytes[offset] < 0x80 {
      offset += 1
      dataBytes -= 1
    }
  }

  // MARK: Channel messages

  /// Reads the data bytes of a message of the current status; false if the track ends before them.
  @inline(__always)
  private mutating func readChannelMessage() throws(MIDIFileError) -> Bool {
    let isShort = status & 0xE0 == 0xC0
    guard offset &+ (isShort ? 1 : 2) <= limit else {
      try log.note(.truncatedEvent, at: offset)
      offset = limit
      return false
    }
    let start = offset
    var first = bytes[offset]
    var second = isShort ? 0 : bytes[offset &+ 1]
    if (first | second) >= 0x80 {
      first = try readDamagedData(before: isShort ? 0 : 1)
      second = isShort ? 0 : try readDamagedData(before: 0)
    } else {
      offset &+= isShort ? 1 : 2
    }
    let tick = Tick(rawValue: time)
    switch status & 0xF0 {
    case 0x90 where second > 0:
      if pairing.noteOn(status: status, pitch: first, velocity: second, at: tick, offset: start) {
        try log.note(.overlappingNote, at: start)
      }
    case 0x80, 0x90:
      let release = status < 0x90 ? second : 64
      pairing.noteOff(status: status, pitch: first, velocity: release, at: tick, offset: start)
    default:
      readControl(first, second, at: tick)
    }
    return true
  }

  /// Reads a byte that should be a data byte, with `rest` data bytes after it. A real-time byte recorded in between is
  /// skipped if that alone leads to the next event; any other byte over 127 is clamped.
  @inline(never)
  private mutating func readDamagedData(before rest: Int) throws(MIDIFileError) -> UInt8 {
    let end = offset + 1 + rest
    if (0xF8...0xFE).contains(bytes[offset]), end < limit, isTimedEvent(at: end + 1), !isTimedEvent(at: end) {
      try log.note(.systemMessage, at: offset)
      offset += 1
    }
    let byte = bytes[offset]
    if byte >= 0x80 { try log.note(.clampedDataByte, at: offset) }
    offset += 1
    return min(byte, 0x7F)
  }

  private mutating func readControl(_ first: UInt8, _ second: UInt8, at tick: Tick) {
    let message = ChannelMessage(status: status, first, second)
    guard case .control(let control) = message.kind else { return }
    let turn = pairing.turns.next(.control, at: tick)
    track.controls.append(
      ControlEvent(tick: tick, channel: message.channel, message: control, port: port, turn: turn))
    guard case .controller(let controller, _) = control, controller == .allSoundOff || controller.releasesKeys
    else { return }
    pairing.endAll(channel: message.channel, at: tick, offset: offset)
    append(NoteSilence(tick: tick, turn: turn, port: port, channel: message.channel))
  }

  // MARK: System exclusive

  /// Reads an F0 event, or an F7 event: the next packet of a message, or an escape that is skipped.
  private mutating func readSystemExclusive(isStart: Bool) throws(MIDIFileError) {
    let start = offset
    if isStart { openSystemExclusive = [] }
    guard var range = try readPayload() else {
      openSystemExclusive = nil
      return
    }
    guard openSystemExclusive != nil else { return }
    if let end = earlierOrLaterEnd(of: range) {
      try log.note(.wrongEventLength, at: start)
      range = range.lowerBound..<end
      offset = end
    }
    if !isStart { try log.note(.splitSystemExclusive, at: start - 1) }
    let isLast = !range.isEmpty && bytes[range.upperBound - 1] == 0xF7
    for offset in range.dropLast(isLast ? 1 : 0) {
      if bytes[offset] >= 0x80 { try log.note(.clampedDataByte, at: offset) }
      openSystemExclusive?.append(min(bytes[offset], 0x7F))
    }
    if isLast, let message = openSystemExclusive.take() {
      append(message)
    }
  }

  private mutating func append(_ silence: NoteSilence) {
    if pairing.unpaired.isKept { silences.append(silence) }
  }

  private mutating func append(_ message: [UInt8]) {
    let tick = Tick(rawValue: time)
    let turn = pairing.turns.next(.systemExclusive, at: tick)
    track.systemExclusives.append(SystemExclusive(tick: tick, bytes: message, port: port, turn: turn))
    guard DeviceMessage.isReset(message) else { return }
    pairing.endAll(at: tick, offset: offset)
    append(NoteSilence(tick: tick, turn: turn))
  }

  /// The end of a packet whose length is wrong: at an F7 that follows only data bytes and precedes an event; or nil.
  private func earlierOrLaterEnd(of packet: Range<Int>) -> Int? {
    var end = packet.lowerBound
    while end < limit, bytes[end] < 0x80 { end += 1 }
    guard end < limit, bytes[end] == 0xF7, end + 1 != packet.upperBound, isTimedEvent(at: end + 1) else { return nil }
    return end + 1
  }

  /// Reads a length and returns the range of its bytes, or nil if they exceed the track: then the length is wrong if
  /// the track has an end-of-track event, otherwise the track is truncated.
  private mutating func readPayload() throws(MIDIFileError) -> Range<Int>? {
    let start = offset
    let length = offset < limit ? try readVariableLength() : .max / 2
    if offset + length <= limit {
      defer { offset += length }
      return offset..<offset + length
    }
    if start + 3 <= limit, bytes.hasEndOfTrack(before: limit) {
      try log.note(.wrongEventLength, at: start)
      offset = start
      resynchronise()
    } else {
      try log.note(.truncatedEvent, at: start)
      offset = limit
    }
    return nil
  }

  // MARK: Meta events

  /// Reads a meta event; true for end-of-track.
  private mutating func readMeta() throws(MIDIFileError) -> Bool {
    guard offset < limit else {
      try log.note(.truncatedEvent, at: offset)
      return false
    }
    let type = bytes[offset]
    offset += 1
    guard let range = try readPayload() else { return type == 0x2F && offset == limit }
    let tick = Tick(rawValue: time)
    switch type {
    case 0x2F:
      return true
    case 0x01...0x09:
      if !range.isEmpty, let kind = TextEvent.Kind(rawValue: type) {
        track.texts.append(TextEvent(tick: tick, kind: kind, bytes: bytes.array(range)))
      }
    case 0x21:
      if range.count == 1 {
        port = bytes[range.lowerBound]
        pairing.select(port: port)
      }
    case 0x51:
      try readTempo(range, at: tick)
    case 0x58:
      try readTimeSignature(range, at: tick)
    case 0x59:
      try readKeySignature(range, at: tick)
    default:
      break
    }
    return false
  }

  private mutating func readTempo(_ range: Range<Int>, at tick: Tick) throws(MIDIFileError) {
    let value = range.count == 3 ? range.reduce(0) { $0 << 8 | Int(bytes[$1]) } : 0
    guard value > 0 else { return try log.note(.badTempo, at: range.lowerBound) }
    timeline.tempoChanges.append(TempoChange(tick: tick, microsecondsPerQuarter: value))
  }

  private mutating func readTimeSignature(_ range: Range<Int>, at tick: Tick) throws(MIDIFileError) {
    let start = range.lowerBound
    guard range.count >= 2, bytes[start] > 0, bytes[start + 1] <= 7 else {
      return try log.note(.badTimeSignature, at: start)
    }
    timeline.timeSignatures.append(
      TimeSignature(tick: tick, numerator: Int(bytes[start]), denominator: 1 << Int(bytes[start + 1])))
  }

  private mutating func readKeySignature(_ range: Range<Int>, at tick: Tick) throws(MIDIFileError) {
    let start = range.lowerBound
    let sharps = range.count >= 2 ? Int(Int8(bitPattern: bytes[start])) : 99
    guard abs(sharps) <= 7, bytes[start + 1] <= 1 else { return try log.note(.badKeySignature, at: start) }
    timeline.keySignatures.append(KeySignature(tick: tick, sharps: sharps, isMinor: bytes[start + 1] == 1))
  }
}
