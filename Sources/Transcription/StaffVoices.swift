internal import MusicCore

/// Notes that start and end together.
struct Chord {
  var start: Int
  var end: Int
  /// By rising pitch.
  var notes: [QuantizedNote]

  var isStaccato: Bool { notes[0].isStaccato }
  var highest: Pitch { notes[notes.count - 1].pitch }
}

/// The voices of a staff: chords that follow each other without overlapping.
enum StaffVoices {
  /// Distributes the notes of a staff among voices, the upper ones first.
  ///
  /// - Parameters:
  ///   - notes: by rising start.
  ///   - limit: the maximum number of voices; if more notes overlap, the one that ends first is cut short.
  static func voices(_ notes: [QuantizedNote], limit: Int) -> [[Chord]] {
    var voices: [[Chord]] = []
    var rest = notes[...]
    while let start = rest.first?.start {
      let group = rest.prefix { $0.start == start }
      rest = rest.dropFirst(group.count)
      let byEnd = Dictionary(grouping: group) { [$0.end, $0.isStaccato ? 1 : 0] }
      var chords = byEnd.map { ends, notes in
        Chord(start: start, end: ends[0], notes: notes.sorted { $0.pitch < $1.pitch })
      }
      chords.sort { ($0.highest, $0.end) > ($1.highest, $1.end) }
      var taken: Set<Int> = []
      for chord in chords { place(chord, in: &voices, limit: limit, &taken) }
    }
    return voices
  }

  private static func place(_ chord: Chord, in voices: inout [[Chord]], limit: Int, _ taken: inout Set<Int>) {
    let free = voices.indices.filter { index in
      !taken.contains(index) && voices[index].last.map { $0.end <= chord.start } ?? true
    }
    // The first free voice, so that a single line stays in the upper voice.
    if let voice = free.first {
      voices[voice].append(chord)
      taken.insert(voice)
    } else if voices.count < limit {
      taken.insert(voices.count)
      voices.append([chord])
    } else if let voice = voices.indices.filter({ !taken.contains($0) }).min(by: { end($0, voices) < end($1, voices) })
    {
      voices[voice][voices[voice].count - 1].end = chord.start
      voices[voice].append(chord)
      taken.insert(voice)
    } else if let voice = taken.min() {
      // Notes that start together form one chord, with the shortest length.
      let last = voices[voice].count - 1
      voices[voice][last].end = min(voices[voice][last].end, chord.end)
      voices[voice][last].notes = (voices[voice][last].notes + chord.notes).sorted { $0.pitch < $1.pitch }
    }
  }

  private static func end(_ index: Int, _ voices: [[Chord]]) -> Int { voices[index].last?.end ?? 0 }
}
