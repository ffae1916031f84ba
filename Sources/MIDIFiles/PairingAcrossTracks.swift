internal import MusicCore

/// Ends the notes of a track where another track ends them: a player merges all tracks, so that a note-off, an
/// all-notes-off or a reset ends the notes of its channel in whatever track they started.
struct PairingAcrossTracks {
  private var noteOffs: [LooseEnds.NoteOff] = []
  private var notes: [LooseEnds.HangingNote] = []
  private var silences: [NoteSilence] = []

  /// Adds what was left over of a track.
  mutating func append(_ looseEnds: LooseEnds, _ silences: [NoteSilence], track: Int) {
    for var noteOff in looseEnds.noteOffs {
      noteOff.track = UInt32(track)
      noteOffs.append(noteOff)
    }
    for note in looseEnds.notes { notes.append(LooseEnds.HangingNote(track: Int32(track), note: note)) }
    for var silence in silences {
      silence.track = UInt32(track)
      self.silences.append(silence)
    }
  }

  /// Ends notes of the tracks, and takes back in the log what found its partner.
  ///
  /// Notes are paired anew on the keys that lack a note-off in one track and have one too many in another, and on those
  /// of which another track ends a note.
  func mend(_ tracks: inout [Track], _ log: RepairLog) {
    guard tracks.count > 1 else { return }
    var keys = silencedKeys(in: tracks)
    if !notes.isEmpty, !noteOffs.isEmpty {
      let hanging = Set(notes.map { LooseEnds.Key(tracks[Int($0.track)].notes[Int($0.note)]) })
      keys.formUnion(hanging.intersection(noteOffs.map(\.key)))
    }
    if !keys.isEmpty { pair(keys, in: &tracks, log) }
  }

  /// A place in the order of a player.
  private typealias Place = (tick: Tick, track: Int, turn: UInt8, rank: EventStream.Rank)

  /// The keys of notes that a message in another track ends.
  private func silencedKeys(in tracks: [Track]) -> Set<LooseEnds.Key> {
    guard let last = silences.lazy.map(\.tick).max(),
      tracks.contains(where: { ($0.notes.first?.onset ?? last) < last })
    else { return [] }
    var places: [Int: [Place]] = [:]
    for silence in silences { places[silence.part, default: []].append(silence.place) }
    for part in Array(places.keys) { places[part]?.sort { $0 < $1 } }
    var keys: Set<LooseEnds.Key> = []
    for (index, track) in tracks.enumerated() {
      for note in track.notes {
        let start: Place = (note.onset, index, note.onsetTurn, .noteStart)
        let isEnded = [LooseEnds.Key(note).part, NoteSilence.everywhere].contains { part in
          guard let places = places[part], case let next = places.partitioningIndex(where: { $0 > start }),
            next < places.count
          else { return false }
          return places[next].tick < note.end
        }
        if isEnded { keys.insert(LooseEnds.Key(note)) }
      }
    }
    return keys
  }

  // MARK: Pairing

  /// Something that happens to keys, and where it stands.
  private struct Event {
    var place: Place
    var kind: Kind

    enum Kind {
      /// The index of the note in its track.
      case start(LooseEnds.Key, note: Int)
      /// A note-off; a loose one has no note in its track.
      case end(LooseEnds.Key, Velocity, isLoose: Bool)
      /// All keys of a part come up.
      case silence(part: Int)
    }
  }

  /// The notes of a key. A note-off ends the first note of its own track that sounds, or else the first of all.
  private struct Presses {
    private var all = Queue()
    private var byTrack: [Int32: Queue] = [:]
    private var ended: Set<LooseEnds.HangingNote> = []

    private struct Queue {
      var notes: [LooseEnds.HangingNote] = []
      var first = 0

      mutating func popFirst(without ended: Set<LooseEnds.HangingNote>) -> LooseEnds.HangingNote? {
        while first < notes.count {
          first += 1
          if !ended.contains(notes[first - 1]) { return notes[first - 1] }
        }
        return nil
      }
    }

    var sounding: [LooseEnds.HangingNote] { all.notes[all.first...].filter { !ended.contains($0) } }

    mutating func append(_ note: LooseEnds.HangingNote) {
      all.notes.append(note)
      byTrack[note.track, default: Queue()].notes.append(note)
    }

    mutating func popFirst(preferring track: Int? = nil) -> LooseEnds.HangingNote? {
      let own = track.flatMap { byTrack[Int32($0)]?.popFirst(without: ended) }
      guard let note = own ?? all.popFirst(without: ended) else { return nil }
      ended.insert(note)
      return note
    }
  }

  private func pair(_ keys: Set<LooseEnds.Key>, in tracks: inout [Track], _ log: RepairLog) {
    var presses: [LooseEnds.Key: Presses] = [:]
    var (soundingCount, usedNoteOffs, endedNotes) = (0, 0, 0)
    let hanging = Set(notes)
    for event in events(of: keys, in: tracks) {
      switch event.kind {
      case .start(let key, let number):
        let note = LooseEnds.HangingNote(track: Int32(event.place.track), note: Int32(number))
        presses[key, default: Presses()].append(note)
        soundingCount += 1
      case .end(let key, let velocity, let isLoose):
        guard let note = presses[key]?.popFirst(preferring: event.place.track) else { continue }
        tracks.end(note, at: event.place.tick, turn: event.place.turn, velocity)
        soundingCount -= 1
        if isLoose { usedNoteOffs += 1 }
        if hanging.contains(note) { endedNotes += 1 }
      case .silence(let part):
        guard soundingCount > 0 else { continue }
        for key in keys where part == NoteSilence.everywhere || part == key.part {
          while let note = presses[key]?.popFirst() {
            tracks.end(note, at: event.place)
            soundingCount -= 1
          }
        }
      }
    }
    for note in presses.values.flatMap(\.sounding) {
      tracks.end(note, at: tracks[Int(note.track)].end, turn: .max, Velocity(masking: 64))
    }
    log.remove(.orphanNoteOff, count: usedNoteOffs)
    log.remove(.hangingNote, count: endedNotes)
  }

  private func events(of keys: Set<LooseEnds.Key>, in tracks: [Track]) -> [Event] {
    var events: [Event] = []
    let hanging = Set(notes)
    for (index, track) in tracks.enumerated() {
      for (number, note) in track.notes.enumerated() where keys.contains(LooseEnds.Key(note)) {
        let key = LooseEnds.Key(note)
        events.append(
          Event(place: (note.onset, index, note.onsetTurn, .noteStart), kind: .start(key, note: number)))
        guard !hanging.contains(LooseEnds.HangingNote(track: Int32(index), note: Int32(number))) else { continue }
        let rank: EventStream.Rank = note.end > note.onset ? .noteEnd : .emptyNoteEnd
        events.append(
          Event(
            place: (note.end, index, note.endTurn, rank), kind: .end(key, note.releaseVelocity, isLoose: false)))
      }
    }
    for noteOff in noteOffs where keys.contains(noteOff.key) {
      events.append(
        Event(
          place: (noteOff.tick, Int(noteOff.track), noteOff.turn, .noteEnd),
          kind: .end(noteOff.key, Velocity(masking: noteOff.velocity), isLoose: true)))
    }
    for silence in silences { events.append(Event(place: silence.place, kind: .silence(part: silence.part))) }
    return events.sorted { $0.place < $1.place }
  }
}

extension [Track] {
  fileprivate mutating func end(_ note: LooseEnds.HangingNote, at tick: Tick, turn: UInt8, _ velocity: Velocity) {
    let (track, index) = (Int(note.track), Int(note.note))
    self[track].notes[index].end = tick
    self[track].notes[index].endTurn = turn
    self[track].notes[index].releaseVelocity = velocity
    self[track].end = Swift.max(self[track].end, tick)
  }

  /// Ends a note where a message ends all of its channel.
  fileprivate mutating func end(
    _ note: LooseEnds.HangingNote, at place: (tick: Tick, track: Int, turn: UInt8, rank: EventStream.Rank)
  ) {
    let started = self[Int(note.track)].notes[Int(note.note)]
    // After the message in its own track, and else first in its instant: what starts there on the same key is another
    // note.
    let turn =
      if place.track == Int(note.track) { place.turn < .max ? place.turn + 1 : place.turn } else {
        place.tick == started.onset ? started.onsetTurn : 0
      }
    end(note, at: place.tick, turn: turn, Velocity(masking: 64))
  }
}
