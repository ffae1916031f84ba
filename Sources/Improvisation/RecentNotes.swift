package import MusicAnalysis
package import MusicCore

/// The human's recent notes, from which the key is estimated.
package struct RecentNotes: Sendable {
  private struct Sounding {
    var onset: Tick
    var velocity: Velocity
  }

  private var notes: [Note] = []
  private var sounding: [Pitch: Sounding] = [:]
  /// The number of notes since the key was last estimated.
  package private(set) var fresh = 0
  private static let memory = Tick(ofSession: 16)

  package init() {}

  package mutating func receive(_ message: ChannelMessage, at tick: Tick) {
    switch message.kind {
    case .noteOn(let pitch, let velocity):
      end(pitch, at: tick)
      sounding[pitch] = Sounding(onset: tick, velocity: velocity)
      fresh += 1
    case .noteOff(let pitch, _): end(pitch, at: tick)
    case .control: break
    }
  }

  private mutating func end(_ pitch: Pitch, at tick: Tick) {
    guard let note = sounding.removeValue(forKey: pitch) else { return }
    notes.append(Note(onset: note.onset, end: max(note.onset, tick), pitch: pitch, velocity: note.velocity))
  }

  /// The notes of the last 16 s.
  private mutating func recent(at now: Tick) -> [Note] {
    notes.removeAll { $0.end < now - Self.memory }
    return notes + sounding.map { Note(onset: $1.onset, end: now, pitch: $0, velocity: $1.velocity) }
  }

  /// How long each pitch class sounded, in seconds.
  package mutating func durations(at now: Tick) -> [Double] {
    var durations = [Double](repeating: 0, count: 12)
    for note in recent(at: now) { durations[note.pitch.pitchClass.rawValue] += (note.end - note.onset).sessionSeconds }
    return durations
  }

  /// The key of the last 16 s; nil if there is too little music.
  package mutating func key(at now: Tick) -> KeyEstimate? {
    fresh = 0
    let start = max(.zero, now - Self.memory)
    let notes = recent(at: now).map { note in
      Note(
        onset: max(.zero, note.onset - start), end: max(.zero, note.end - start), pitch: note.pitch,
        velocity: note.velocity)
    }.sorted { ($0.onset, $0.pitch) < ($1.onset, $1.pitch) }
    let score = Score(tempoMap: SessionTime.tempoMap, tracks: [Track(notes: notes, end: now - start)])
    return HarmonyAnalysis.key(of: score)
  }
}
