package import MusicCore

/// The human's recent notes, from which the key is estimated, on a clock that only runs while the human plays.
package struct RecentNotes: Sendable {
  private struct Sounding {
    var onset: Tick
    var velocity: Velocity
  }

  private var notes: [Note] = []
  private var sounding: [Pitch: Sounding] = [:]
  /// The number of notes since the key was last estimated.
  package private(set) var fresh = 0
  /// The last onset on the clock of playing, and by how much that clock is behind the session's.
  private var lastOnset = Tick.zero
  private var omitted = Tick.zero
  private static let memory = Tick(ofSession: 16)
  /// Time counts as playing up to this long after an onset. The rest of a pause, a turn of the machine, and a chord that
  /// is held meanwhile are left out: they would displace the music before.
  private static let longestGap = Tick(ofSession: 2)

  package init() {}

  package mutating func receive(_ message: ChannelMessage, at tick: Tick) {
    let time = playingTime(at: tick)
    switch message.kind {
    case .noteOn(let pitch, let velocity):
      end(pitch, at: time)
      sounding[pitch] = Sounding(onset: time, velocity: velocity)
      (lastOnset, omitted) = (time, tick - time)
      fresh += 1
    case .noteOff(let pitch, _): end(pitch, at: time)
    case .control: break
    }
  }

  /// The time on the clock of playing.
  package func playingTime(at tick: Tick) -> Tick { min(tick - omitted, lastOnset + Self.longestGap) }

  private mutating func end(_ pitch: Pitch, at time: Tick) {
    guard let note = sounding.removeValue(forKey: pitch) else { return }
    notes.append(Note(onset: note.onset, end: max(note.onset, time), pitch: pitch, velocity: note.velocity))
  }

  /// The notes of the last 16 s of playing.
  private mutating func recent(at now: Tick) -> [Note] {
    notes.removeAll { $0.end < now - Self.memory }
    return notes + sounding.map { Note(onset: $1.onset, end: now, pitch: $0, velocity: $1.velocity) }
  }

  /// How long each pitch class sounded, in seconds.
  package mutating func durations(at tick: Tick) -> [Double] {
    var durations = [Double](repeating: 0, count: 12)
    for note in recent(at: playingTime(at: tick)) {
      durations[note.pitch.pitchClass.rawValue] += (note.end - note.onset).sessionSeconds
    }
    return durations
  }

  /// The last 16 s of playing, as a piece of which the key is to be estimated.
  package mutating func score(at tick: Tick) -> Score {
    fresh = 0
    let now = playingTime(at: tick)
    let start = max(.zero, now - Self.memory)
    let notes = recent(at: now).map { note in
      Note(
        onset: max(.zero, note.onset - start), end: max(.zero, note.end - start), pitch: note.pitch,
        velocity: note.velocity)
    }.sorted { ($0.onset, $0.pitch) < ($1.onset, $1.pitch) }
    return Score(tempoMap: SessionTime.tempoMap, tracks: [Track(notes: notes, end: now - start)])
  }
}
