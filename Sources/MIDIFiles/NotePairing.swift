internal import MusicCore

/// Pairs the note-ons and note-offs of a track: of several sounding notes of the same pitch, channel and port, the
/// first to start is the first to end.
struct NotePairing {
  /// By rising onset. While a note sounds, its `end` stores the index of the next sounding note of its key.
  private(set) var notes: [Note] = []
  private(set) var zeroLengthNotes = 0
  private(set) var firstZeroLength = 0

  /// Assigns turns to all events of the track.
  var turns = TurnCounter()
  /// The note-offs without a note-on, and the notes without a note-off.
  var unpaired = UnpairedEvents()

  /// The ports in the order of their first use.
  private var ports: [UInt8] = [0]
  /// The index of the current port.
  private var port = 0
  /// The first and the last sounding note of each key of each channel, port by port.
  private var queues: [Queue] = []
  private var soundingCount = 0
  /// A bit for each channel of each port on which a note may sound.
  private var soundingChannels: [UInt16] = [0]

  private var reversals = ReversedPairs()

  private struct Queue {
    var first: Int32 = -1
    var last: Int32 = -1
  }

  /// Prepares for a track of about `count` notes.
  mutating func reserve(_ count: Int) {
    if queues.isEmpty { queues = [Queue](repeating: Queue(), count: 16 * 128) }
    notes.reserveCapacity(count)
  }

  /// Selects the current port.
  mutating func select(port number: UInt8) {
    if let index = ports.firstIndex(of: number) {
      port = index
    } else {
      port = ports.count
      ports.append(number)
      soundingChannels.append(0)
      queues += Array(repeating: Queue(), count: 16 * 128)
    }
  }

  /// Removes and returns the unpaired events of a finished track.
  mutating func takeUnpaired() -> UnpairedEvents {
    defer { unpaired = UnpairedEvents() }
    return unpaired
  }

  /// Removes and returns the notes of a finished track. An oversized buffer is kept for the next track: otherwise
  /// tracks with exaggerated lengths would use up the memory.
  mutating func takeNotes() -> [Note] {
    zeroLengthNotes = 0
    reversals = ReversedPairs()
    turns = TurnCounter()
    (ports, port, soundingChannels) = ([0], 0, [0])
    queues.removeLast(queues.count - 16 * 128)
    guard notes.count < notes.capacity / 2 else {
      defer { notes = [] }
      return notes
    }
    defer { notes.removeAll(keepingCapacity: true) }
    return notes.withUnsafeBufferPointer { Array($0) }
  }

  @inline(__always)
  private func key(_ status: UInt8, _ pitch: UInt8) -> Int { port << 11 | Int(status & 0x0F) << 7 | Int(pitch) }

  /// Starts a note; true if the key already sounds.
  @inline(__always)
  mutating func noteOn(status: UInt8, pitch: UInt8, velocity: UInt8, at tick: Tick, offset: Int) -> Bool {
    let index = Int32(truncatingIfNeeded: notes.count)
    notes.append(
      Note(
        onset: tick, end: -1, pitch: Pitch(masking: pitch), velocity: Velocity(masking: velocity),
        channel: Channel(status: status), port: ports[port], onsetTurn: turns.next(.noteStart, at: tick)))
    soundingCount &+= 1
    soundingChannels[port] |= 1 << UInt16(status & 0x0F)
    let key = key(status, pitch)
    if !reversals.isEmpty { reversals.noteOn(key, index: index, at: tick) }
    let last = queues[key].last
    queues[key].last = index
    if last < 0 {
      queues[key].first = index
      return false
    }
    notes[Int(last)].end = Tick(rawValue: Int64(index))
    return true
  }

  /// Ends the first sounding note of a key, if there is one.
  @inline(__always)
  mutating func noteOff(status: UInt8, pitch: UInt8, velocity: UInt8, at tick: Tick, offset: Int) {
    let key = key(status, pitch)
    if queues[key].first >= 0 {
      endFirst(of: key, velocity: velocity, at: tick, offset: offset)
    } else {
      reversals.orphanNoteOff(key, at: tick)
      unpaired.append(
        UnpairedEvents.NoteOff(
          tick: tick, key: UnpairedEvents.Key(port: ports[port], channel: status & 0x0F, pitch: pitch),
          turn: turns.peek(.noteEnd, at: tick), velocity: velocity), at: offset)
    }
  }

  @inline(__always)
  private mutating func endFirst(of key: Int, velocity: UInt8, at tick: Tick, offset: Int) {
    let first = Int(queues[key].first)
    let next = Int32(truncatingIfNeeded: notes[first].end.rawValue)
    queues[key].first = next
    if next < 0 {
      queues[key].last = -1
      if !reversals.isEmpty { reversals.keyIsSilent(key) }
    }
    let isEmpty = notes[first].onset == tick
    notes[first].end = tick
    notes[first].endTurn = turns.next(isEmpty ? .emptyNoteEnd : .noteEnd, at: tick)
    notes[first].releaseVelocity = Velocity(masking: velocity)
    soundingCount &-= 1
    if isEmpty { noteZeroLength(at: offset) }
  }

  private mutating func noteZeroLength(at offset: Int) {
    if zeroLengthNotes == 0 { firstZeroLength = offset }
    zeroLengthNotes += 1
  }

  /// Ends everything that sounds on a channel of the current port.
  mutating func endAll(channel: Channel, at tick: Tick, offset: Int) {
    endAll(channel: Int(channel.rawValue), port: port, at: tick, offset: offset)
  }

  private mutating func endAll(channel: Int, port: Int, at tick: Tick, offset: Int) {
    guard soundingChannels[port] & 1 << UInt16(channel) != 0 else { return }
    soundingChannels[port] &= ~(1 << UInt16(channel))
    let first = port << 11 | channel << 7
    for key in first..<first + 128 {
      while queues[key].first >= 0 { endFirst(of: key, velocity: 64, at: tick, offset: offset) }
    }
  }

  /// Ends everything that sounds.
  mutating func endAll(at tick: Tick, offset: Int) {
    for port in soundingChannels.indices where soundingChannels[port] != 0 {
      for channel in 0..<16 { endAll(channel: channel, port: port, at: tick, offset: offset) }
    }
  }

  /// Ends the notes without a note-off at the end of the track.
  mutating func closeAll(at tick: Tick, offset: Int) {
    guard soundingCount > 0 else { return soundingChannels.indices.forEach { soundingChannels[$0] = 0 } }
    unpaired.mended = mendReversals(at: tick, offset: offset)
    guard soundingCount > 0 else { return }
    for key in queues.indices {
      var index = Int(queues[key].first)
      while index >= 0 {
        unpaired.append(note: index)
        index = Int(notes[index].end.rawValue)
      }
    }
    endAll(at: tick, offset: offset)
  }

  /// Some programs write the end of a note of zero length before its start, so that the note would never end: hanging
  /// notes of such keys get these ends. Returns the number of notes of those keys that still hang.
  private mutating func mendReversals(at tick: Tick, offset: Int) -> Int {
    var hanging = 0
    let chains = reversals.chains(in: notes) { [ports] note in
      (ports.firstIndex(of: note.port) ?? 0) << 11 | Int(note.channel.rawValue) << 7 | Int(note.pitch.rawValue)
    }
    for (key, chain) in chains where queues[key].first >= 0 {
      let closed = chain.notes.prefix { $0 < Int(queues[key].first) }
      let open = chain.notes.count - closed.count
      let reversed = Set(chain.reversed.prefix(open))
      let last = (tick, turns.peek(.noteEnd, at: tick))
      let ends =
        closed.map { (notes[$0].end, notes[$0].endTurn) } + Array(repeating: last, count: open - reversed.count)
      let others = chain.notes.filter { !reversed.contains($0) }
      guard zip(others, ends).allSatisfy({ notes[$0].onset <= $1.0 }) else { continue }
      for (index, end) in zip(others, ends) { (notes[index].end, notes[index].endTurn) = end }
      for index in reversed {
        notes[index].end = notes[index].onset
        notes[index].endTurn = notes[index].onsetTurn
        noteZeroLength(at: offset)
      }
      queues[key] = Queue()
      soundingCount -= open
      hanging += open - reversed.count
    }
    return hanging
  }
}
