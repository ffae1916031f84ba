public import MusicCore

extension Score {
  /// The music transposed by a number of semitones. Drums are unchanged; notes outside the MIDI range are dropped.
  public func transposed(by semitones: Int) -> Score {
    guard semitones != 0 else { return self }
    let drums = drums
    var score = self
    for index in tracks.indices {
      score.tracks[index].notes = tracks[index].notes.compactMap { note in
        guard !drums.contains(note, track: index) else { return note }
        let pitch = Int(note.pitch.rawValue) + semitones
        guard (0...127).contains(pitch) else { return nil }
        var note = note
        note.pitch = Pitch(masking: UInt8(pitch))
        return note
      }
    }
    return score
  }

  /// The same music with only the notes of some tracks; all other events stay.
  public func keepingNotes(ofTracks isKept: (Int) -> Bool) -> Score {
    var score = self
    for index in tracks.indices where !isKept(index) { score.tracks[index].notes = [] }
    return score
  }

  /// The number of the bar at a tick, from 1, counted by the meters of the score; nil for timecode ticks.
  public func bar(at tick: Tick) -> Int? {
    guard case .metrical(let ticksPerQuarter) = division else { return nil }
    var (bar, start, length) = (1, Int64(0), Int64(4 * ticksPerQuarter))
    for meter in timeSignatures where meter.tick <= tick {
      // A bar that a change of meter cuts short counts as one.
      bar += Int((meter.tick.rawValue - start + length - 1) / length)
      start = meter.tick.rawValue
      length = max(1, Int64(4 * ticksPerQuarter * meter.numerator / meter.denominator))
    }
    return bar + Int((tick.rawValue - start) / length)
  }
}
