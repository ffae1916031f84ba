internal import MusicCore

/// Resolves notes on keys that are already down.
enum Unisons {
  /// A note of a track.
  private struct Place {
    var track: Int
    var note: Int
  }

  /// Keeps one note at a time on every key of every channel, as an instrument does: if a note starts on a key
  /// that is down, the earlier note ends there and the later one lasts as long as either; of two that start
  /// together the longer stays, as loud as the louder.
  static func resolve(in tracks: inout [Track]) {
    var dropped: [Set<Int>] = tracks.map { _ in [] }
    for key in keys(of: tracks) where key.count > 1 {
      var last = key[0]
      for place in key.dropFirst() {
        let (earlier, later) = (tracks[last.track].notes[last.note], tracks[place.track].notes[place.note])
        if earlier.end <= later.onset {
          last = place
        } else if earlier.onset < later.onset {
          tracks[last.track].notes[last.note].end = later.onset
          tracks[place.track].notes[place.note].end = max(earlier.end, later.end)
          last = place
        } else {
          let (kept, lost) = later.end > earlier.end ? (place, last) : (last, place)
          tracks[kept.track].notes[kept.note].velocity = max(earlier.velocity, later.velocity)
          dropped[lost.track].insert(lost.note)
          last = kept
        }
      }
    }
    for (track, dropped) in dropped.enumerated() where !dropped.isEmpty {
      tracks[track].notes = tracks[track].notes.enumerated().filter { !dropped.contains($0.offset) }.map(\.element)
    }
  }

  /// The notes of every key of every channel, in order of onset.
  private static func keys(of tracks: [Track]) -> [[Place]] {
    var keys: [[Place]] = Array(repeating: [], count: 16 * 128)
    for track in tracks.indices {
      for (index, note) in tracks[track].notes.enumerated() {
        keys[Int(note.channel.rawValue) << 7 | Int(note.pitch.rawValue)].append(Place(track: track, note: index))
      }
    }
    return keys.map { key in
      key.sorted { tracks[$0.track].notes[$0.note].onset < tracks[$1.track].notes[$1.note].onset }
    }
  }
}
