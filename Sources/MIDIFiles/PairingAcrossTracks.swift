internal import MusicCore

/// Ends notes that another track ends: a player merges all tracks, so a note-off, all notes off or a reset ends the
/// notes of its channel, whichever track they started in.
struct PairingAcrossTracks {
  private var noteOffs: [UnpairedEvents.NoteOff] = []
  private var notes: [UnpairedEvents.HangingNote] = []
  private var silences: [NoteSilence] = []

  /// Adds the unpaired events of a track.
  mutating func append(_ unpaired: UnpairedEvents, _ silences: [NoteSilence], track: Int) {
    for var noteOff in unpaired.noteOffs {
      noteOff.track = UInt32(track)
      noteOffs.append(noteOff)
    }
    for note in unpaired.notes { notes.append(UnpairedEvents.HangingNote(track: Int32(track), note: note)) }
    for var silence in silences {
      silence.track = UInt32(track)
      self.silences.append(silence)
    }
  }

  /// Ends notes of the tracks, and removes from the log the repairs of events that found their partners.
  ///
  /// Notes are paired again on keys that lack a note-off in one track and have one too many in another, and on keys of
  /// which another track ends a note.
  func mend(_ tracks: inout [Track], _ log: RepairLog) {
    guard tracks.count > 1 else { return }
    var keys = silencedKeys(in: tracks)
    if !notes.isEmpty, !noteOffs.isEmpty {
      let hanging = Set(notes.map { UnpairedEvents.Key(tracks[Int($0.track)].notes[Int($0.note)]) })
      keys.formUnion(hanging.intersection(noteOffs.map(\.key)))
    }
    if !keys.isEmpty { pair(keys, in: &tracks, log) }
  }

  /// A position in the order of a player.
  private typealias Place = (tick: Tick, track: Int, turn: UInt8, rank: EventStream.Rank)

  /// The keys with notes that a message in another track ends.
  private func silencedKeys(in tracks: [Track]) -> Set<UnpairedEvents.Key> {
    guard let last = silences.lazy.map(\.tick).max(),
      tracks.contains(where: { ($0.notes.first?.onset ?? last) < last })
    else { return [] }
    var places: [Int: [Place]] = [:]
    for silence in silences { places[silence.part, default: []].append(silence.place) }
    for part in Array(places.keys) { places[part]?.sort { $0 < $1 } }
    var keys: Set<UnpairedEvents.Key> = []
    for (index, track) in tracks.enumerated() {
      for note in track.notes {
        let start: Place = (note.onset, index, note.onsetTurn, .noteStart)
        let isEnded = [UnpairedEvents.Key(note).part, NoteSilence.everywhere].contains { part in
          guard let places = places[part], case let next = places.partitioningIndex(where: { $0 > start }),
            next < places.count
          else { return false }
          return places[next].tick < note.end
        }
        if isEnded { keys.insert(UnpairedEvents.Key(note)) }
      }
    }
    return keys
  }

  // MARK: Pairing

  /// An event on keys, and its position.
  private struct Event {
    var place: Place
    var kind: Kind

    enum Kind {
      /// The index of the note in its track.
      case start(UnpairedEvents.Key, note: Int)
      /// A note-off; an unpaired one has no note in its track.
      case end(UnpairedEvents.Key, Velocity, isUnpaired: Bool)
      /// All keys of a part come up.
      case silence(part: Int)
    }
  }

  /// The notes of a key. A note-off ends the first sounding note of its own track, otherwise the first of all.
  private struct Presses {
    private var all = Queue()
    private var byTrack: [Int32: Queue] = [:]
    private var ended: Set<UnpairedEvents.HangingNote> = []

    private struct Queue {
      var notes: [UnpairedEvents.HangingNote] = []
      var first = 0

      mutating func popFirst(without ended: Set<UnpairedEvents.HangingNote>) -> UnpairedEvents.HangingNote? {
        while first < notes.count {
          first += 1
          if !ended.contains(notes[first - 1]) { return notes[first - 1] }
        }
        return nil
      }
    }

    var sounding: [UnpairedEvents.HangingNote] { all.notes[all.first...].filter { !ended.contains($0) } }

    mutating func append(_ note: UnpairedEvents.HangingNote) {
      all.notes.append(note)
      byTrack[note.track, default: Queue()].notes.append(note)
    }

    mutating func popFirst(preferring track: Int? = nil) -> UnpairedEvents.HangingNote? {
      let own = track.flatMap { byTrack[Int32($0)]?.popFirst(without: ended) }
      guard let note = own ?? all.popFirst(without: ended) else { return nil }
      ended.insert(note)
      return note
    }
  }

  private func pair(_ keys: Set<UnpairedEvents.Key>, in tracks: inout [Track], _ log: RepairLog) {
    var presses: [UnpairedEvents.Key: Presses] = [:]
    var (soundingCount, usedNoteOffs, endedNotes) = (0, 0, 0)
    let hanging = Set(notes)
    for event in events(of: keys, in: tracks) {
      switch event.kind {
      case .start(let key, let number):
        let note = UnpairedEvents.HangingNote(track: Int32(event.place.track), note: Int32(number))
        presses[key, default: Presses()].append(note)
        soundingCount += 1
      case .end(let key, let velocity, let isUnpaired):
        guard let note = presses[key]?.popFirst(preferring: event.place.track) else { continue }
        tracks.end(note, at: event.place.tick, turn: event.place.turn, velocity)
        soundingCount -= 1
        if isUnpaired { usedNoteOffs += 1 }
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

  private func events(of keys: Set<UnpairedEvents.Key>, in tracks: [Track]) -> [Event] {
    var events: [Event] = []
    let hanging = Set(notes)
    for (index, track) in tracks.enumerated() {
      for (number, note) in track.notes.enumerated() where keys.contains(UnpairedEvents.Key(note)) {
        let key = UnpairedEvents.Key(note)
        events.append(
          Event(place: (note.onset, index, note.onsetTurn, .noteStart), kind: .start(key, note: number)))
        guard !hanging.contains(UnpairedEvents.HangingNote(track: Int32(index), note: Int32(number))) else { continue }
        let rank: EventStream.Rank = note.end > note.onset ? .noteEnd : .emptyNoteEnd
        events.append(
          Event(
            place: (note.end, index, note.endTurn, rank), kind: .end(key, note.releaseVelocity, isUnpaired: false)))
      }
    }
    for noteOff in noteOffs where keys.contains(noteOff.key) {
      events.append(
        Event(
          place: (noteOff.tick, Int(noteOff.track), noteOff.turn, .noteEnd),
          kind: .end(noteOff.key, Velocity(masking: noteOff.velocity), isUnpaired: true)))
    }
    for silence in silences { events.append(Event(place: silence.place, kind: .silence(part: silence.part))) }
    return events.sorted { $0.place < $1.place }
  }
}

extension [Track] {
  fileprivate mutating func end(_ note: UnpairedEvents.HangingNote, at tick: Tick, turn: UInt8, _ velocity: Velocity) {
    let (track, index) = (Int(note.track), Int(note.note))
    self[track].notes[index].end = tick
    self[track].notes[index].endTurn = turn
    self[track].notes[index].releaseVelocity = velocity
    self[track].end = Swift.max(self[track].end, tick)
  }

  /// Ends a note at a message that ends all notes of its channel.
  fileprivate mutating func end(
    _ note: UnpairedEvents.HangingNote, at place: (tick: Tick, track: Int, turn: UInt8, rank: EventStream.Rank)
  ) {
    let started = self[Int(note.track)].notes[Int(note.note)]
    // In its own track directly after the message, otherwise first within the tick, because a note that starts there on
    // the same key is another note.
    let turn =
      if place.track == Int(note.track) { place.turn < .max ? place.turn + 1 : place.turn } else {
        place.tick == started.onset ? started.onsetTurn : 0
      }
    end(note, at: place.tick, turn: turn, Velocity(masking: 64))
  }
}
