/// The messages of a score in the order that sound, ports, files and tokens all use.
///
/// It is the order of a player that merges the tracks of a file:
///
/// 1. by tick;
/// 2. within a tick, by track;
/// 3. within a track, in the order of the file, which a score stores as turns, numbered from 0. The order within a turn
///    is: ends of notes, system exclusive messages, controls, starts of notes, ends of notes of zero length. An event
///    that would break this order starts the next turn. In scores that do not come from a file everything is usually in
///    turn 0.
///
/// A key that is pressed again while it is down is first released, and comes up when it has been released as often as
/// it was pressed; `ScoreEvent.use` marks the ends of notes that this adds, and those that it makes void.
public struct EventStream: Sendable {
  package private(set) var records: [Record] = []
  package private(set) var channels = ChannelNumbers()
  private let tracks: [Track]

  /// The events of a score, or a part of them. O(n).
  ///
  /// - Parameters:
  ///   - notes: whether a note is included, by the index of its track; others press no keys.
  ///   - controls: whether a control is included; those that release keys should be.
  public init(
    _ score: Score, notes: (_ track: Int, Note) -> Bool = { _, _ in true },
    controls: (ControlEvent) -> Bool = { _ in true }
  ) {
    tracks = score.tracks
    records.reserveCapacity(2 * score.noteCount)
    var filled = 0
    for (index, track) in score.tracks.enumerated() {
      let start = records.count
      append(track, number: index, notes, controls)
      if records.count > start { filled += 1 }
      records.withUnsafeMutableBufferPointer { UnsafeMutableBufferPointer(rebasing: $0[start...]).radixSort() }
    }
    if filled > 1 { records.withUnsafeMutableBufferPointer { $0.radixSort(from: Record.tickBit) } }
    pressKeys()
  }

  private mutating func append(
    _ track: Track, number: Int, _ isNoteIncluded: (Int, Note) -> Bool, _ isControlIncluded: (ControlEvent) -> Bool
  ) {
    for note in track.notes where isNoteIncluded(number, note) {
      let (channel, pitch) = (note.channel.rawValue, note.pitch.rawValue)
      channels.add(channel, port: note.port)
      records.append(
        Record(
          tick: note.onset, turn: note.onsetTurn, rank: .noteStart, track: number, port: note.port,
          (0x90 | channel, pitch, note.velocity.rawValue)))
      let isEmpty = note.end <= note.onset
      let endTurn = isEmpty ? Swift.max(note.onsetTurn, note.endTurn) : note.endTurn
      records.append(
        Record(
          tick: Swift.max(note.onset, note.end), turn: endTurn, rank: isEmpty ? .emptyNoteEnd : .noteEnd, track: number,
          port: note.port, (0x80 | channel, pitch, note.releaseVelocity.rawValue)))
    }
    for (index, message) in track.systemExclusives.enumerated() where index < 1 << 24 {
      let digits = [16, 8, 0].map { UInt8(truncatingIfNeeded: index >> $0) }
      records.append(
        Record(
          tick: message.tick, turn: message.turn, rank: .systemExclusive, track: number, port: digits[0],
          (0xF0, digits[1], digits[2])))
    }
    for control in track.controls where isControlIncluded(control) {
      let bytes = control.message.status(channel: control.channel)
      records.append(
        Record(
          tick: control.tick, turn: control.turn, rank: .control, track: number, port: control.port, bytes))
    }
  }

  /// Finds the key presses that are repeated and the ends of notes that are void.
  private mutating func pressKeys() {
    var keys = KeyPresses(channelCount: channels.count)
    var repeated: [Int] = []
    for index in records.indices {
      let record = records[index]
      switch record.status {
      case 0x90..<0xA0:
        guard let channel = channels[record.channel, port: record.port] else { continue }
        if keys.press(Int(record.data1), channel: channel) { repeated.append(index) }
      case 0x80..<0x90:
        guard let channel = channels[record.channel, port: record.port] else { continue }
        if !keys.release(Int(record.data1), channel: channel) { records[index].use = .filesOnly }
      case 0xB0..<0xC0:
        let controller = Controller(masking: record.data1)
        guard controller == .allSoundOff || controller.releasesKeys,
          let channel = channels[record.channel, port: record.port]
        else { continue }
        keys.releaseAll(channel: channel)
      case 0xF0 where DeviceMessage.isReset(systemExclusive(of: record).bytes): keys.releaseAll()
      default: break
      }
    }
    if !repeated.isEmpty { insertReleases(before: repeated) }
  }

  private mutating func insertReleases(before repeated: [Int]) {
    var all: [Record] = []
    all.reserveCapacity(records.count + repeated.count)
    var start = 0
    for index in repeated {
      all += records[start..<index]
      let record = records[index]
      var release = Record(
        tick: record.tick, turn: record.turn, rank: .noteStart, track: Int(record.track), port: record.port,
        (0x80 | record.channel, record.data1, 64))
      release.use = .instrumentsOnly
      all.append(release)
      start = index
    }
    records = all + records[start...]
  }

  package func systemExclusive(of record: Record) -> SystemExclusive {
    tracks[Int(record.track)].systemExclusives[record.index]
  }
}

extension EventStream: RandomAccessCollection {
  public var startIndex: Int { records.startIndex }
  public var endIndex: Int { records.endIndex }

  /// The event at a position. O(1).
  public subscript(index: Int) -> ScoreEvent {
    let record = records[index]
    let message: MIDIMessage
    var port = record.port
    if record.status == 0xF0 {
      let whole = systemExclusive(of: record)
      (message, port) = (.systemExclusive(whole.bytes), whole.port)
    } else {
      message = .channel(ChannelMessage(status: record.status, record.data1, record.data2))
    }
    return ScoreEvent(
      tick: record.tick, track: Int(record.track), port: port, turn: record.turn, message: message, use: record.use)
  }

  /// The events for instruments.
  public var played: LazyFilterSequence<EventStream> { lazy.filter { $0.use != .filesOnly } }

  /// The events for files.
  public var written: LazyFilterSequence<EventStream> { lazy.filter { $0.use != .instrumentsOnly } }
}

extension Score {
  /// All messages of the score in their order.
  public var events: EventStream { EventStream(self) }
}
