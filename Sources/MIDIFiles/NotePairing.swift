internal import MusicCore

/// Pairs the note-ons and note-offs of a track: of several notes that sound on one pitch of one channel, the
/// first to start is the first to end.
struct NotePairing {
  /// By rising onset. While a note sounds, its `end` holds the index of the next sounding note on its key.
  private(set) var notes: [Note] = []
  private(set) var zeroLengthNotes = 0
  private(set) var firstZeroLength = 0

  /// The first and the last sounding note of each key of each channel.
  private var queues: [Queue] = []
  private var soundingCount = 0
  /// A bit for each channel on which a note may sound.
  private var soundingChannels: UInt16 = 0

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

  /// Hands over the notes of a finished track. Memory that is too large for them stays for the next track, or
  /// tracks that are shorter than they say would take all there is.
  mutating func takeNotes() -> [Note] {
    zeroLengthNotes = 0
    reversals = ReversedPairs()
    guard notes.count < notes.capacity / 2 else {
      defer { notes = [] }
      return notes
    }
    defer { notes.removeAll(keepingCapacity: true) }
    return notes.withUnsafeBufferPointer { Array($0) }
  }

  @inline(__always)
  private func key(_ status: UInt8, _ pitch: UInt8) -> Int { Int(status & 0x0F) << 7 | Int(pitch) }

  /// Starts a note; true where the key sounds already.
  @inline(__always)
  mutating func noteOn(status: UInt8, pitch: UInt8, velocity: UInt8, at tick: Tick, offset: Int) -> Bool {
    let index = Int32(truncatingIfNeeded: notes.count)
    notes.append(
      Note(
        onset: tick, end: -1, pitch: Pitch(clamping: pitch), velocity: Velocity(clamping: velocity),
        channel: Channel(status: status)))
    soundingCount &+= 1
    soundingChannels |= 1 << UInt16(status & 0x0F)
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

  /// Ends the first sounding note of a key; false where there is none.
  @inline(__always)
  mutating func noteOff(status: UInt8, pitch: UInt8, velocity: UInt8, at tick: Tick, offset: Int) -> Bool {
    let key = key(status, pitch)
    let first = queues[key].first
    guard first >= 0 else {
      reversals.orphanNoteOff(key, at: tick)
      return false
    }
    let next = Int32(truncatingIfNeeded: notes[Int(first)].end.rawValue)
    queues[key].first = next
    if next < 0 {
      queues[key].last = -1
      if !reversals.isEmpty { reversals.keyIsSilent(key) }
    }
    notes[Int(first)].end = tick
    notes[Int(first)].releaseVelocity = Velocity(clamping: velocity)
    soundingCount &-= 1
    if notes[Int(first)].onset == tick { noteZeroLength(at: offset) }
    return true
  }

  private mutating func noteZeroLength(at offset: Int) {
    if zeroLengthNotes == 0 { firstZeroLength = offset }
    zeroLengthNotes += 1
  }

  /// Ends everything that sounds on a channel.
  mutating func endAll(channel: Channel, at tick: Tick, offset: Int) {
    guard soundingChannels & 1 << UInt16(channel.rawValue) != 0 else { return }
    soundingChannels &= ~(1 << UInt16(channel.rawValue))
    for pitch in UInt8(0)...127 {
      while noteOff(status: channel.rawValue, pitch: pitch, velocity: 64, at: tick, offset: offset) {}
    }
  }

  /// Ends everything that sounds and returns how many notes that were.
  mutating func closeAll(at tick: Tick, offset: Int) -> Int {
    let mended = soundingCount > 0 ? mendReversals(at: tick, offset: offset) : 0
    let hanging = soundingCount
    guard hanging > 0 else {
      soundingChannels = 0
      return mended
    }
    for channel in UInt8(0)...15 { endAll(channel: Channel(status: channel), at: tick, offset: offset) }
    return mended + hanging
  }

  /// Some programs write the end of a note of no length before its start, so that the start would sound for good:
  /// where notes of such a key hang, they get their ends back. Returns how many notes of those keys still hang.
  private mutating func mendReversals(at tick: Tick, offset: Int) -> Int {
    var hanging = 0
    for (key, chain) in reversals.chains(in: notes) where queues[key].first >= 0 {
      let closed = chain.notes.prefix { $0 < Int(queues[key].first) }
      let open = chain.notes.count - closed.count
      let reversed = Set(chain.reversed.prefix(open))
      let ends = closed.map { notes[$0].end } + Array(repeating: tick, count: open - reversed.count)
      let others = chain.notes.filter { !reversed.contains($0) }
      guard zip(others, ends).allSatisfy({ notes[$0].onset <= $1 }) else { continue }
      for (index, end) in zip(others, ends) { notes[index].end = end }
      for index in reversed {
        notes[index].end = notes[index].onset
        noteZeroLength(at: offset)
      }
      queues[key] = Queue()
      soundingCount -= open
      hanging += open - reversed.count
    }
    return hanging
  }
}
