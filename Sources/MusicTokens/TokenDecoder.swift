public import MusicCore

/// Decodes tokens to a score. Any token sequence decodes; ungrammatical tokens are repaired and counted.
public struct TokenDecoder: Sendable {
  /// The tempo of the decoded score in quarter notes per minute. It affects the notation, never the wall-clock time.
  public var tempo: Double
  /// The program (instrument) of the decoded track.
  public var program: Program
  /// Whether to reject a stream that needs a repair.
  public var isStrict: Bool

  /// The tempos at which ticks of 1/64 s stay distinct and that a MIDI file can represent.
  public static let tempos = 10.0...1000.0
  /// The resolution of decoded scores at 120 quarter notes per minute and above. At slower tempos it is a multiple of
  /// this, so that a tick is never longer than 1/960 s.
  public static let ticksPerQuarter = 480

  /// The resolution of scores at the decoder's tempo.
  private var ticksPerQuarter: Int { Self.ticksPerQuarter * max(1, Int((120 / tempo).rounded(.up))) }

  /// Creates a decoder.
  public init(tempo: Double = 120, program: Program = Program(masking: 0), isStrict: Bool = false) {
    precondition(Self.tempos.contains(tempo), "the tempo must be 10…1000 quarter notes per minute")
    self.tempo = tempo
    self.program = program
    self.isStrict = isStrict
  }

  /// A score with one track, and the repairs made in decoding.
  public struct Decoded: Sendable {
    /// The decoded music, on one track.
    public var score: Score
    /// One repair of each kind, in order of first occurrence.
    public var repairs: [TokenRepair]
  }

  /// Decodes a stream. O(n).
  ///
  /// - Throws: the first `TokenRepair`, if decoding is strict.
  public func decode(_ tokens: some Sequence<Token>) throws(TokenRepair) -> Decoded {
    var state = State(isStrict: isStrict)
    for token in tokens { try state.apply(token) }
    try state.closeOpen()
    return Decoded(score: score(of: state), repairs: state.repairs)
  }

  private func score(of state: State) -> Score {
    let microseconds = Int((60_000_000 / tempo).rounded())
    let ticksPerQuarter = ticksPerQuarter
    let map = TempoMap(
      division: .metrical(ticksPerQuarter: ticksPerQuarter),
      changes: [TempoChange(tick: .zero, microsecondsPerQuarter: microseconds)])
    func tick(_ step: Int) -> Tick {
      // 1/64 s is 1 000 000 · ticks per quarter / (64 · µs per quarter) ticks, rounded as an absolute position.
      let numerator = Int128(step) * 1_000_000 * Int128(ticksPerQuarter)
      let denominator = Int128(TokenTime.ticksPerSecond * microseconds)
      return Tick(rawValue: Int64((2 * numerator + denominator) / (2 * denominator)))
    }
    let notes = state.notes.map { note in
      Note(onset: tick(note.onset), end: tick(note.end), pitch: note.pitch, velocity: note.level.velocity)
    }
    let sound = ControlEvent(tick: .zero, channel: Channel(status: 0), message: .program(program))
    let track = Track(notes: notes, controls: [sound], end: max(tick(state.time), notes.map(\.end).max() ?? .zero))
    return Score(tempoMap: map, tracks: [track])
  }
}

extension TokenDecoder {
  private struct SteppedNote {
    var onset: Int
    var end: Int
    var pitch: Pitch
    var level: DynamicLevel
  }

  private struct State {
    let isStrict: Bool
    private(set) var notes: [SteppedNote] = []
    private(set) var time = 0
    private(set) var repairs: [TokenRepair] = []
    private var index = 0
    private var level: DynamicLevel?
    /// The last note of each pitch, and whether it still sounds.
    private var last = [Int?](repeating: nil, count: 128)
    private var isOpen = [Bool](repeating: false, count: 128)

    init(isStrict: Bool) { self.isStrict = isStrict }

    mutating func apply(_ token: Token) throws(TokenRepair) {
      switch token.meaning {
      case .timeShift(let ticks): time += ticks
      case .velocityChange(let level): self.level = level
      case .noteOn(let pitch): try start(pitch)
      case .noteOff(let pitch): try end(pitch)
      }
      index += 1
    }

    private mutating func start(_ pitch: Pitch) throws(TokenRepair) {
      if level == nil { try repair(.missingVelocity) }
      let level = self.level ?? .mf
      self.level = level
      let key = Int(pitch.rawValue)
      if isOpen[key] { try repair(.restrike) }
      if let index = last[key] {
        if notes[index].onset == time {
          // Two notes of the same pitch and onset are merged.
          notes[index].level = max(notes[index].level, level)
          isOpen[key] = true
          return
        }
        if isOpen[key] { notes[index].end = time }
      }
      isOpen[key] = true
      last[key] = notes.count
      notes.append(SteppedNote(onset: time, end: time, pitch: pitch, level: level))
    }

    private mutating func end(_ pitch: Pitch) throws(TokenRepair) {
      let key = Int(pitch.rawValue)
      guard isOpen[key], let index = last[key] else { return try repair(.orphanNoteOff) }
      if notes[index].onset == time { try repair(.zeroLengthNote) }
      notes[index].end = max(time, notes[index].onset + 1)
      isOpen[key] = false
    }

    /// Ends the notes that are still open at the end of the stream.
    mutating func closeOpen() throws(TokenRepair) {
      for key in 0..<128 where isOpen[key] {
        try repair(.openAtEnd)
        if let index = last[key] { notes[index].end = max(time, notes[index].onset + 1) }
      }
    }

    private mutating func repair(_ kind: TokenRepair.Kind) throws(TokenRepair) {
      let repair = TokenRepair(kind: kind, index: index)
      if isStrict { throw repair }
      if let known = repairs.firstIndex(where: { $0.kind == kind }) {
        repairs[known].count += 1
      } else {
        repairs.append(repair)
      }
    }
  }
}
