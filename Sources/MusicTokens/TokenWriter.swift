internal import MusicCore

/// Turns pitches that start and end on the grid of 1/64 s into the canonical stream: one pitch sounds once, a
/// note lasts at least a tick, and the tokens of a tick stand in their order.
struct TokenWriter: ~Copyable {
  private(set) var tokens: [Token] = []
  /// The tick whose events are being collected.
  private(set) var tick = 0
  /// Where the last token written stands in time.
  private var writtenTick = 0
  private var level: DynamicLevel?

  private var ends = PitchSet()
  /// Ends of notes that started in this tick: they last until the next.
  private var nextEnds = PitchSet()
  private var starts = PitchSet()
  private var sounding = PitchSet()
  /// By pitch.
  private let notes: UnsafeMutablePointer<Note>

  /// The latest note of a pitch.
  private struct Note {
    /// How many channels hold it.
    var holders: Int32 = 0
    /// Tells a channel whether the note it started is still the one that sounds.
    var serial: Int32 = 0
    var level = DynamicLevel.pp
  }

  init() {
    notes = .allocate(capacity: 128)
    notes.initialize(repeating: Note(), count: 128)
  }

  deinit { notes.deallocate() }

  mutating func reserve(_ count: Int) { tokens.reserveCapacity(count) }

  /// Goes on to a tick, not before the current one.
  @inline(__always)
  mutating func advance(to next: Int) {
    guard next > tick else { return }
    writeTick()
    if !nextEnds.isEmpty {
      tick += 1
      swap(&ends, &nextEnds)
      if next > tick { writeTick() }
    }
    tick = next
  }

  /// A channel starts a pitch; returns the serial number of the note.
  ///
  /// - Parameter held: the serial number of the note of this pitch that the channel holds, or 0.
  @inline(__always)
  mutating func start(_ pitch: Int, level: DynamicLevel, held: Int32) -> Int32 {
    let serial = notes[pitch].serial
    if starts.contains(pitch) {
      // Notes of one pitch and one onset are one: the loudest level, the longest end.
      notes[pitch].level = max(notes[pitch].level, level)
      nextEnds.remove(pitch)
      sounding.insert(pitch)
      if held != serial { notes[pitch].holders += 1 }
      return serial
    }
    if sounding.contains(pitch) { ends.insert(pitch) }
    sounding.insert(pitch)
    starts.insert(pitch)
    notes[pitch] = Note(holders: 1, serial: serial &+ 1, level: level)
    return serial &+ 1
  }

  /// A channel lets go of the note it started with a serial number.
  @inline(__always)
  mutating func end(_ pitch: Int, serial: Int32) {
    guard serial == notes[pitch].serial, sounding.contains(pitch) else { return }
    notes[pitch].holders -= 1
    guard notes[pitch].holders == 0 else { return }
    sounding.remove(pitch)
    if starts.contains(pitch) { nextEnds.insert(pitch) } else { ends.insert(pitch) }
  }

  /// Ends everything that sounds and writes the last ticks.
  mutating func finish() {
    while let pitch = sounding.popFirst() {
      if starts.contains(pitch) { nextEnds.insert(pitch) } else { ends.insert(pitch) }
    }
    advance(to: tick + 2)
  }

  /// Takes the tokens written so far out.
  mutating func takeTokens() -> [Token] {
    defer { tokens = [] }
    return tokens
  }

  private mutating func writeTick() {
    guard !(ends.isEmpty && starts.isEmpty) else { return }
    var shift = tick - writtenTick
    writtenTick = tick
    while shift > 0 {
      let step = min(shift, Token.longestShift)
      tokens.append(.timeShift(step))
      shift -= step
    }
    while let pitch = ends.popFirst() { tokens.append(Token(unchecked: 128 + UInt16(pitch))) }
    if !starts.isEmpty { writeStarts() }
  }

  /// By rising level, then rising pitch.
  private mutating func writeStarts() {
    var rest = starts
    starts = PitchSet()
    while !rest.isEmpty {
      var louder = PitchSet()
      var quietest = DynamicLevel.ff
      var scan = rest
      while let pitch = scan.popFirst() { quietest = min(quietest, notes[pitch].level) }
      if level != quietest {
        tokens.append(.velocityChange(quietest))
        level = quietest
      }
      while let pitch = rest.popFirst() {
        if notes[pitch].level == quietest {
          tokens.append(Token(unchecked: UInt16(pitch)))
        } else {
          louder.insert(pitch)
        }
      }
      rest = louder
    }
  }
}
