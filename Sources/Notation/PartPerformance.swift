internal import MusicCore

/// The notes of one part on the time line of the piece, before dynamics are applied.
struct PartPerformance {
  private(set) var notes: [PlayedNote] = []
  /// Dynamics and hairpins by rising tick.
  private(set) var dynamics: [(tick: Int, mark: Mark)] = []
  private(set) var tempoMarks: [(tick: Int, mark: Mark)] = []
  private var pedals: [(tick: Int, isDown: Bool)] = []
  private var texts: [TextEvent] = []

  /// Notes of a voice that are tied over, as indices into `notes`.
  private typealias Ties = [Pitch: Int]

  init(of part: Int, in manuscript: Manuscript, _ timeline: Timeline) throws(NotationError) {
    var ties: [Int: Ties] = [:]
    var count = 0
    for played in timeline.bars {
      let bars = manuscript.sections[played.section].bars[part]
      guard played.bar < bars.count else { continue }
      for (voice, elements) in bars[played.bar].voices.enumerated() {
        count += elements.count
        var tick = played.start
        for element in elements {
          switch element {
          case .rest: try check(ties[voice], manuscript, part, played)
          case .mark(let mark): add(mark, at: tick)
          case .sound(let sound):
            ties[voice] = try add(sound, at: tick, tied: ties[voice] ?? [:], manuscript, part, played)
          }
          tick += element.duration
        }
      }
      guard count < 1_000_000 else { throw manuscript.error(.tooMuch("music"), at: 0) }
    }
    for (_, open) in ties.sorted(by: { $0.key < $1.key }) {
      if let last = timeline.bars.last { try check(open, manuscript, part, last) }
    }
    notes.sort { ($0.onset, $0.pitch) < ($1.onset, $1.pitch) }
    dynamics.sort { $0.tick < $1.tick }
    pedals.sort { $0.tick < $1.tick }
    texts.sort { $0.tick < $1.tick }
  }

  /// No tie may be open before a rest or at the end.
  private func check(
    _ ties: Ties?,
    _ manuscript: Manuscript,
    _ part: Int,
    _ played: Timeline.Played
  ) throws(NotationError) {
    guard let open = ties?.values.min() else { return }
    throw manuscript.error(
      .tieWithoutEnd(part: manuscript.parts[part].name, bar: played.bar + 1),
      at: notes[open].offset
    )
  }

  private mutating func add(
    _ sound: Sound,
    at tick: Int,
    tied: Ties,
    _ manuscript: Manuscript,
    _ part: Int,
    _ played: Timeline.Played
  ) throws(NotationError) -> Ties {
    var tied = tied
    var open: Ties = [:]
    for head in sound.heads {
      let index: Int
      if let earlier = tied.removeValue(forKey: head.pitch) {
        index = earlier
        notes[index].length += sound.duration
        notes[index].touch = sound.touch
      } else {
        index = notes.count
        notes.append(
          PlayedNote(
            onset: tick,
            length: sound.duration,
            pitch: head.pitch,
            touch: sound.touch,
            accent: sound.accent,
            offset: sound.offset
          )
        )
      }
      if head.isTied { open[head.pitch] = index }
    }
    try check(tied, manuscript, part, played)
    if let lyric = sound.lyric { addText(lyric, .lyric, at: tick) }
    return open
  }

  private mutating func add(_ mark: Mark, at tick: Int) {
    switch mark {
    case .level, .crescendo, .diminuendo: dynamics.append((tick, mark))
    case .tempo, .ramp, .aTempo: tempoMarks.append((tick, mark))
    case .pedalDown: pedals.append((tick, true))
    case .pedalUp: pedals.append((tick, false))
    case .text(let text): addText(text, .text, at: tick)
    }
  }

  private mutating func addText(_ text: String, _ kind: TextEvent.Kind, at tick: Int) {
    texts.append(TextEvent(tick: Tick(rawValue: Int64(tick)), kind: kind, bytes: Array(text.utf8)))
  }

  /// The part as a track.
  func track(of part: Manuscript.Part, notes: [Note], end: Int, _ ticksPerQuarter: Int) -> Track {
    var controls: [ControlEvent] = []
    func add(_ tick: Int, _ message: ControlEvent.Message) {
      controls.append(
        ControlEvent(tick: Tick(rawValue: Int64(tick)), channel: part.channel, message: message)
      )
    }
    add(0, .program(part.program))
    if let volume = part.volume { add(0, .controller(.volume, volume)) }
    if let pan = part.pan { add(0, .controller(.pan, pan)) }
    var isDown = false
    for (tick, down) in pedals {
      if isDown { add(tick, .controller(.sustain, 0)) }
      // A pianist changes the pedal after the keys have gone down; a 64th keeps the new harmony clean.
      if down { add(tick + (isDown ? ticksPerQuarter / 16 : 0), .controller(.sustain, 127)) }
      isDown = down
    }
    if isDown { add(end, .controller(.sustain, 0)) }
    controls.sort { $0.tick < $1.tick }
    let name = TextEvent(tick: 0, kind: .trackName, bytes: Array(part.title.utf8))
    return Track(notes: notes, controls: controls, texts: [name] + texts, end: Tick(rawValue: Int64(end)))
  }
}
