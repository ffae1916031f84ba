internal import Alignment
internal import MusicAnalysis
internal import MusicCore

/// The data of the page: the analysis, and the notes that it shows and plays.
struct ReportData: Encodable {
  var document: AnalysisDocument
  /// Metadata of the piece from the file besides its title: opus, composer.
  var description: String?
  var parts: [Part]
  /// Whether notes are assigned to hands, because one part contains both.
  var hasHands: Bool
  /// Six numbers per note, in order of onset: inter-onset interval and duration in milliseconds, pitch, velocity, part, and
  /// 1 for the right hand or 0 for the left.
  var notes: [Int]
  /// Changes of the sustain pedal, two numbers each: milliseconds, and 1 for down or 0 for up.
  var pedal: [Int]
  /// The differences of a take from its reference, without the correct notes.
  var take: TakeDocument?
  /// A critic's scores of windows; empty for none.
  var realism: [RealismWindow]

  /// The notes of one track on one channel.
  struct Part: Encodable {
    var name: String
    var program: Int
    var isDrums: Bool
    var notes: Int
  }

  /// - Parameter take: the comparison of the piece with a reference; the hands are then those of the alignment.
  init(_ document: AnalysisDocument, score: Score, take: TakePage? = nil, realism: [RealismWindow] = []) {
    self.document = document
    // Only the file name: a shared page must not reveal local folders.
    self.document.file = Self.name(ofFile: document.file)
    self.realism = realism
    self.take = take?.document
    self.take?.file = self.document.file
    self.take?.reference = Self.name(ofFile: take?.document.reference ?? "")
    self.take?.measures.notes.removeAll { $0.kind == .right }
    description = score.subtitle
    parts = []
    var played: [PlayedNote] = []
    played.reserveCapacity(score.noteCount)
    let drums = score.drums
    for (index, track) in score.tracks.enumerated() {
      let channels = Set(track.notes.lazy.map(\.channel)).sorted()
      var partOfChannel = Array(repeating: 0, count: 16)
      for channel in channels {
        partOfChannel[Int(channel.rawValue)] = parts.count
        let name = track.name ?? "Track \(index + 1)"
        parts.append(
          Part(
            name: channels.count > 1 ? "\(name), channel \(channel.number)" : name,
            program: Self.program(of: track, channel),
            isDrums: track.notes.contains { $0.channel == channel && drums.contains($0, track: index) },
            notes: track.notes.count { $0.channel == channel }))
      }
      for note in track.notes {
        played.append(
          PlayedNote(
            onset: score.tempoMap.seconds(at: note.onset), end: score.tempoMap.seconds(at: note.end),
            pitch: note.pitch, velocity: note.velocity, track: partOfChannel[Int(note.channel.rawValue)]))
      }
    }
    played.sort { ($0.onset, $0.pitch, $0.track) < ($1.onset, $1.pitch, $1.track) }
    let hands = take?.hands(of: played) ?? played.hands
    hasHands = parts.count == 1 && !parts[0].isDrums && Set(hands).count == 2
    notes = []
    notes.reserveCapacity(6 * played.count)
    var last = 0
    for (note, isRight) in zip(played, hands) {
      let onset = Self.milliseconds(note.onset)
      let length = max(0, Self.milliseconds(note.end) - onset)
      notes += [onset - last, length, Int(note.pitch.rawValue), Int(note.velocity.rawValue), note.track]
      notes.append(isRight ? 1 : 0)
      last = onset
    }
    pedal = Self.pedal(of: score)
  }

  private static func name(ofFile path: String) -> String { String(path.split(separator: "/").last ?? "") }

  private static func milliseconds(_ time: Seconds) -> Int { Int(min(time.milliseconds, 1e12).rounded()) }

  private static func program(of track: Track, _ channel: Channel) -> Int {
    for event in track.controls where event.channel == channel {
      if case .program(let program) = event.message { return Int(program.rawValue) }
    }
    return 0
  }

  /// The changes of the sustain pedal, of all tracks together.
  private static func pedal(of score: Score) -> [Int] {
    let events = score.tracks.flatMap { track in
      track.controls.compactMap { event -> (tick: Tick, isDown: Bool)? in
        guard case .controller(.sustain, let value) = event.message else { return nil }
        return (event.tick, value >= 64)
      }
    }
    var changes: [Int] = []
    var isDown = false
    for event in events.sorted(by: { $0.tick < $1.tick }) where event.isDown != isDown {
      isDown = event.isDown
      changes += [milliseconds(score.tempoMap.seconds(at: event.tick)), isDown ? 1 : 0]
    }
    return changes
  }
}
