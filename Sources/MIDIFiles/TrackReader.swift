internal import MusicCore

/// Reads the events of one track (Standard MIDI Files 1.0, "Track Chunks").
struct TrackReader {
  /// A track, and what it says about the whole piece.
  struct Result {
    var track = Track()
    var tempoChanges: [TempoChange] = []
    var timeSignatures: [TimeSignature] = []
    var keySignatures: [KeySignature] = []
  }

  private let bytes: FileBytes
  private let limit: Int
  private var offset: Int
  private var time: Int64 = 0
  /// The last channel status, or 0.
  private var status: UInt8 = 0
  /// Whether a meta, SysEx or system event has cancelled running status.
  private var isStatusCancelled = false
  private var pairing = NotePairing()
  private var openSystemExclusive: [UInt8]?

  private(set) var result = Result()
  private let log: RepairLog

  /// A reader of the events at `start`, which never looks at or beyond `limit`.
  init(bytes: FileBytes, start: Int, limit: Int, log: RepairLog) {
    self.bytes = bytes
    self.limit = limit
    self.log = log
    offset = start
  }

  /// Reads up to and including end-of-track and returns the offset after it, or nil where there is none.
  ///
  /// - Parameter pairing: silent, and left so; the tracks of a file share it because it is large.
  mutating func read(pairing: inout NotePairing) throws(MIDIFileError) -> Int? {
    swap(&self.pairing, &pairing)
    defer { swap(&self.pairing, &pairing) }
    // A note takes seven bytes or so, three at the least.
    self.pairing.reserve((limit - offset) / 8)
    let end = try readEvents()
    let tick = Tick(rawValue: time)
    let hanging = self.pairing.closeAll(at: tick, offset: end ?? limit)
    if hanging > 0 { try log.note(.hangingNote, at: end ?? limit, count: hanging) }
    if self.pairing.zeroLengthNotes > 0 {
      try log.note(.zeroLengthNote, at: self.pairing.firstZeroLength, count: self.pairing.zeroLengthNotes)
    }
    result.track.notes = self.pairing.takeNotes()
    result.track.end = tick
    return end
  }

  private mutating func readEvents() throws(MIDIFileError) -> Int? {
    while offset < limit {
      time &+= Int64(try readVariableLength())
      guard offset < limit else { break }
      let byte = bytes[offset]
      if byte < 0x80 {
        guard status != 0 else {
          try skipDataWithoutStatus()
          continue
        }
        if isStatusCancelled {
          isStatusCancelled = false
          try log.note(.resumedRunningStatus, at: offset)
        }
        guard try readChannelMessage() else { break }
      } else if byte < 0xF0 {
        status = byte
        isStatusCancelled = false
        offset += 1
        guard try readChannelMessage() else { break }
      } else {
        isStatusCancelled = true
        offset += 1
        switch byte {
        case 0xFF:
          switch try readMeta() {
          case .read: continue
          case .endOfTrack: return offset
          case .truncated: return nil
          }
        case 0xF0, 0xF7:
          guard try readSystemExclusive(isStart: byte == 0xF0) else { return nil }
        default:
          try log.note(.systemMessage, at: offset - 1)
          let dataBytes = [0xF1: 1, 0xF2: 2, 0xF3: 1][byte] ?? 0
          offset = min(limit, offset + dataBytes)
        }
      }
    }
    return nil
  }

  // MARK: Numbers

  /// A variable-length number of up to four bytes; a longer one is bounded to 0x0FFFFFFF.
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

  private mutating func skipDataWithoutStatus() throws(MIDIFileError) {
    try log.note(.dataWithoutStatus, at: offset)
    while offset < limit, bytes[offset] < 0x80 { offset += 1 }
  }

  // MARK: Channel messages

  /// Reads the data bytes of a message of the current status; false where the track ends before them.
  @inline(__always)
  private mutating func readChannelMessage() throws(MIDIFileError) -> Bool {
    let isShort = status & 0xE0 == 0xC0
    guard offset &+ (isShort ? 1 : 2) <= limit else {
      try log.note(.truncatedEvent, at: offset)
      offset = limit
      return false
    }
    var first = bytes[offset]
    var second = isShort ? 0 : bytes[offset &+ 1]
    if (first | second) >= 0x80 {
      try log.note(.clampedDataByte, at: first >= 0x80 ? offset : offset + 1)
      first = min(first, 0x7F)
      second = min(second, 0x7F)
    }
    let start = offset
    offset &+= isShort ? 1 : 2
    let tick = Tick(rawValue: time)
    switch status & 0xF0 {
    case 0x90 where second > 0:
      if pairing.noteOn(status: status, pitch: first, velocity: second, at: tick, offset: start) {
        try log.note(.overlappingNote, at: start)
      }
    case 0x80, 0x90:
      let release = status < 0x90 ? second : 64
      if !pairing.noteOff(status: status, pitch: first, velocity: release, at: tick, offset: start) {
        try log.note(.orphanNoteOff, at: start)
      }
    default:
      readControl(first, second, at: tick)
    }
    return true
  }

  private mutating func readControl(_ first: UInt8, _ second: UInt8, at tick: Tick) {
    let channel = Channel(status: status)
    let message: ControlEvent.Message
    switch status & 0xF0 {
    case 0xA0: message = .keyPressure(Pitch(clamping: first), second)
    case 0xB0:
      let controller = Controller(clamping: first)
      if controller == .allNotesOff || controller == .allSoundOff {
        pairing.endAll(channel: channel, at: tick, offset: offset)
      }
      message = .controller(controller, second)
    case 0xC0: message = .program(Program(clamping: first))
    case 0xD0: message = .channelPressure(first)
    default: message = .pitchBend(Int16(second) << 7 + Int16(first) - 8192)
    }
    result.track.controls.append(ControlEvent(tick: tick, channel: channel, message: message))
  }

  // MARK: System exclusive

  /// Reads an F0 event, or an F7 event: the next packet of a message, or an escape that is skipped.
  private mutating func readSystemExclusive(isStart: Bool) throws(MIDIFileError) -> Bool {
    guard let range = try readPayload() else { return false }
    guard isStart || openSystemExclusive != nil else { return true }
    if !isStart { try log.note(.splitSystemExclusive, at: range.lowerBound - 1) }
    var message = isStart ? [] : openSystemExclusive ?? []
    message.append(contentsOf: bytes.array(range))
    if message.last == 0xF7 {
      message.removeLast()
      result.track.systemExclusives.append(SystemExclusive(tick: Tick(rawValue: time), bytes: message))
      openSystemExclusive = nil
    } else {
      openSystemExclusive = message
    }
    return true
  }

  /// The bytes that a length announces, or nil where they go beyond the track.
  private mutating func readPayload() throws(MIDIFileError) -> Range<Int>? {
    let start = offset
    guard offset < limit else {
      try log.note(.truncatedEvent, at: start)
      return nil
    }
    let length = try readVariableLength()
    guard offset + length <= limit else {
      try log.note(.truncatedEvent, at: start)
      offset = limit
      return nil
    }
    defer { offset += length }
    return offset..<offset + length
  }

  // MARK: Meta events

  private enum MetaOutcome {
    case read, endOfTrack, truncated
  }

  private mutating func readMeta() throws(MIDIFileError) -> MetaOutcome {
    guard offset < limit else {
      try log.note(.truncatedEvent, at: offset)
      return .truncated
    }
    let type = bytes[offset]
    offset += 1
    guard let range = try readPayload() else { return type == 0x2F ? .endOfTrack : .truncated }
    let tick = Tick(rawValue: time)
    switch type {
    case 0x2F:
      return .endOfTrack
    case 0x01...0x09:
      if !range.isEmpty, let kind = TextEvent.Kind(rawValue: type) {
        result.track.texts.append(TextEvent(tick: tick, kind: kind, bytes: bytes.array(range)))
      }
    case 0x21:
      if range.count == 1 { result.track.port = bytes[range.lowerBound] }
    case 0x51:
      try readTempo(range, at: tick)
    case 0x58:
      try readTimeSignature(range, at: tick)
    case 0x59:
      try readKeySignature(range, at: tick)
    default:
      break
    }
    return .read
  }

  private mutating func readTempo(_ range: Range<Int>, at tick: Tick) throws(MIDIFileError) {
    let value = range.count == 3 ? range.reduce(0) { $0 << 8 | Int(bytes[$1]) } : 0
    guard value > 0 else { return try log.note(.badTempo, at: range.lowerBound) }
    result.tempoChanges.append(TempoChange(tick: tick, microsecondsPerQuarter: value))
  }

  private mutating func readTimeSignature(_ range: Range<Int>, at tick: Tick) throws(MIDIFileError) {
    let start = range.lowerBound
    guard range.count >= 2, bytes[start] > 0, bytes[start + 1] <= 7 else {
      return try log.note(.badTimeSignature, at: start)
    }
    result.timeSignatures.append(
      TimeSignature(tick: tick, numerator: Int(bytes[start]), denominator: 1 << Int(bytes[start + 1])))
  }

  private mutating func readKeySignature(_ range: Range<Int>, at tick: Tick) throws(MIDIFileError) {
    let start = range.lowerBound
    let sharps = range.count >= 2 ? Int(Int8(bitPattern: bytes[start])) : 99
    guard abs(sharps) <= 7, bytes[start + 1] <= 1 else { return try log.note(.badKeySignature, at: start) }
    result.keySignatures.append(KeySignature(tick: tick, sharps: sharps, isMinor: bytes[start + 1] == 1))
  }
}
