internal import MusicAnalysis
internal import MusicCore
internal import MusicXML

/// The notes of a part, by staff.
struct PartPlan {
  struct Pedal {
    var tick: Tick
    var isDown: Bool
  }

  var name: String
  var program: Program
  var channel: Channel
  /// The notes of each staff, by rising onset.
  var staves: [[Note]]
  var clefs: [NotatedPart.Clef]
  /// The changes of the sustain pedal, by time.
  var pedals: [Pedal]

  func isPedalDown(at tick: Tick) -> Bool {
    let next = pedals.partitioningIndex { $0.tick > tick }
    return next > 0 && pedals[next - 1].isDown
  }

  /// A track with notes other than drums.
  private struct Voice {
    var name: String
    var program: Program
    var notes: [Note]
    var pedals: [Pedal]

    /// Whether its instrument is notated on two staves: pianos, organs, and the celesta.
    var isKeyboard: Bool { program.rawValue <= 8 || (16...20).contains(program.rawValue) }
    var mean: Double { notes.reduce(0) { $0 + Double($1.pitch.rawValue) } / Double(notes.count) }
    var clef: NotatedPart.Clef { mean < 57 ? .bass : .treble }
  }

  /// The parts of a score: its tracks, but two tracks of one keyboard become its staves, and a track with the music of
  /// both hands is split between two staves.
  static func parts(of score: Score) -> [PartPlan] {
    let drums = score.drums
    let voices = score.tracks.enumerated().compactMap { index, track -> Voice? in
      let notes = track.notes.filter { !drums.contains($0, track: index) }
      guard let first = notes.first else { return nil }
      let pedals = track.controls.compactMap { control -> Pedal? in
        guard case .controller(.sustain, let value) = control.message else { return nil }
        return Pedal(tick: control.tick, isDown: value >= 64)
      }
      return Voice(
        name: track.name ?? "", program: score.program(of: first), notes: notes, pedals: pedals.withoutRepetitions)
    }
    if voices.count == 2, voices.allSatisfy(\.isKeyboard) { return [keyboard(voices)] }
    return voices.map(part)
  }

  /// A part of two tracks, the higher one on the upper staff.
  private static func keyboard(_ voices: [Voice]) -> PartPlan {
    let ordered = voices.sorted { $0.mean > $1.mean }
    return PartPlan(
      name: "Piano", program: ordered[0].program, channel: ordered[0].notes[0].channel, staves: ordered.map(\.notes),
      clefs: ordered.map(\.clef), pedals: voices.map(\.pedals).max { $0.count < $1.count } ?? [])
  }

  private static func part(_ voice: Voice) -> PartPlan {
    var part = PartPlan(
      name: voice.name.isEmpty ? (voice.isKeyboard ? "Piano" : "Part") : voice.name, program: voice.program,
      channel: voice.notes[0].channel, staves: [voice.notes], clefs: [voice.clef], pedals: voice.pedals)
    guard voice.isKeyboard else { return part }
    let played = voice.notes.map {
      PlayedNote(
        onset: Seconds(Double($0.onset.rawValue)), end: Seconds(Double($0.end.rawValue)), pitch: $0.pitch,
        velocity: $0.velocity)
    }
    // The analyzer orders simultaneous notes by pitch.
    let order = voice.notes.indices.sorted {
      (voice.notes[$0].onset, voice.notes[$0].pitch) < (voice.notes[$1].onset, voice.notes[$1].pitch)
    }
    let hands = order.map { played[$0] }.hands
    let right = zip(order, hands).filter(\.1).map { voice.notes[$0.0] }
    let left = zip(order, hands).filter { !$0.1 }.map { voice.notes[$0.0] }
    // Too few notes on one side are not a separate hand.
    guard min(left.count, right.count) * 12 >= voice.notes.count else { return part }
    (part.staves, part.clefs) = ([right, left], [.treble, .bass])
    return part
  }
}

extension Score {
  /// The program of a note: the last program change on its channel before it.
  fileprivate func program(of note: Note) -> Program {
    var (program, last) = (Program(masking: 0), Tick(rawValue: -1))
    for control in tracks.lazy.flatMap(\.controls)
    where control.channel == note.channel && control.port == note.port && control.tick <= note.onset {
      if case .program(let selected) = control.message, control.tick >= last {
        (program, last) = (selected, control.tick)
      }
    }
    return program
  }
}

extension [PartPlan.Pedal] {
  /// The messages without those that repeat the current value.
  fileprivate var withoutRepetitions: Self {
    var isDown = false
    return filter { pedal in
      defer { isDown = pedal.isDown }
      return pedal.isDown != isDown
    }
  }
}
