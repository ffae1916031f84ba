package import MusicCore

/// Writes pitches that start and end on the grid of 1/64 s as the canonical stream: a pitch sounds only once at a time,
/// a note lasts at least a tick, and the tokens of a tick are in canonical order.
package struct TokenWriter: ~Copyable {
  /// The tick whose events are being collected.
  private(set) var tick = 0
  /// The time of the last token written.
  private var writtenTick = 0
  /// The row of `TickSymbols` of the current level; 0 before the first.
  private var row = 0
  private var tokens = TokenBuffer()

  private var symbols = TickSymbols()
  /// Ends of notes that started in this tick: they last until the next.
  private var nextEnds = PitchSet()
  /// The latest note of each pitch.
  private let notes: UnsafeMutablePointer<Note>

  /// The latest note of a pitch.
  private struct Note {
    /// The number of channels that hold it; it sounds while at least one does.
    var holders: Int32 = 0
    /// Tells a channel whether the note that it started is still the sounding one.
    var serial: Int32 = 0
    /// The tick it started in.
    var onset = -1
  }

  package init() {
    notes = .allocate(capacity: 128)
    notes.initialize(repeating: Note(), count: 128)
  }

  deinit { notes.deallocate() }

  /// Continues a stream in the middle, at tick 0.
  ///
  /// - Parameters:
  ///   - level: the current velocity level; nil if none has been set.
  ///   - sounding: the pitches that sound. Each is held by one channel, and its serial number is 1.
  package mutating func resume(level: DynamicLevel?, sounding: PitchSet) {
    row = level.map { Int($0.rawValue) + 1 } ?? 0
    for pitch in 0..<128 where sounding.contains(pitch) { notes[pitch] = Note(holders: 1, serial: 1) }
  }

  package mutating func reserve(_ count: Int) { tokens.reserve(count) }

  /// Advances to a tick, not before the current one.
  @inline(__always)
  package mutating func advance(to next: Int) {
    guard next > tick else { return }
    writeTick()
    if !nextEnds.isEmpty { writeNextEnds(before: next) }
    tick = next
  }

  /// A channel starts a pitch; returns the serial number of the note.
  ///
  /// - Parameter held: the serial number of the note of this pitch that the channel holds, or 0.
  @inline(__always)
  package mutating func start(_ pitch: Int, level: DynamicLevel, held: Int32) -> Int32 {
    let note = notes[pitch]
    guard note.onset < tick else { return join(pitch, level: level, held: held) }
    if note.holders > 0 { symbols.insertEnd(pitch) }
    symbols.insertStart(pitch, level: level)
    notes[pitch] = Note(holders: 1, serial: note.serial &+ 1, onset: tick)
    return note.serial &+ 1
  }

  /// Merges notes of the same pitch and onset: the highest level and the latest end count.
  private mutating func join(_ pitch: Int, level: DynamicLevel, held: Int32) -> Int32 {
    symbols.raise(pitch, to: level)
    nextEnds.remove(pitch)
    if held != notes[pitch].serial { notes[pitch].holders += 1 }
    return notes[pitch].serial
  }

  /// A channel releases the note that it started, given by serial number.
  @inline(__always)
  package mutating func end(_ pitch: Int, serial: Int32) {
    guard serial == notes[pitch].serial, notes[pitch].holders > 0 else { return }
    notes[pitch].holders -= 1
    if notes[pitch].holders == 0 { end(pitch) }
  }

  @inline(__always)
  private mutating func end(_ pitch: Int) {
    if notes[pitch].onset == tick { nextEnds.insert(pitch) } else { symbols.insertEnd(pitch) }
  }

  /// Ends everything that sounds and writes the last ticks.
  package mutating func finish() {
    for pitch in 0..<128 where notes[pitch].holders > 0 {
      notes[pitch].holders = 0
      end(pitch)
    }
    advance(to: tick + 2)
  }

  /// Removes and returns the tokens written so far.
  package mutating func takeTokens() -> [Token] { tokens.take() }

  // MARK: Writing

  private mutating func writeNextEnds(before next: Int) {
    tick += 1
    while let pitch = nextEnds.popFirst() { symbols.insertEnd(pitch) }
    if next > tick { writeTick() }
  }

  private mutating func writeTick() {
    guard !symbols.isEmpty else { return }
    var shift = tick - writtenTick
    writtenTick = tick
    while shift > Token.longestShift {
      tokens.append(.timeShift(Token.longestShift))
      shift -= Token.longestShift
    }
    // The time shift, and every pitch and level at most twice.
    tokens.makeRoom(for: 2 + 2 * 128 + 6)
    var end = tokens.end
    if shift > 0 {
      end.append(.timeShift(shift))
    }
    repeat {
      let symbol = symbols.removeFirst()
      let next = symbol.row == 0 ? row : symbol.row
      end.append(Token(unchecked: 767 &+ UInt16(truncatingIfNeeded: next)), if: next != row)
      row = next
      end.append(Token(unchecked: UInt16(truncatingIfNeeded: symbol.pitch) &+ (symbol.row == 0 ? 128 : 0)))
    } while !symbols.isEmpty
    tokens.end = end
  }
}
