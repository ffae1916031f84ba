package import MusicCore

/// A selection of the notes of a score for one rendering.
package enum ScorePart: Hashable, Sendable {
  case all
  case track(Int)
  case channel(Channel)

  /// - Parameter track: the index of the note's track.
  package func contains(track: Int, note: Note) -> Bool {
    switch self {
    case .all: true
    case .track(let index): index == track
    case .channel(let channel): channel == note.channel
    }
  }

  /// The stems of a score, each with a name for its file: the tracks with notes, or the channels if all notes are in one
  /// track.
  package static func stems(of score: Score) -> [(part: ScorePart, name: String)] {
    let playing = score.tracks.indices.filter { !score.tracks[$0].notes.isEmpty }
    if playing.count == 1 {
      let channels = Set(score.tracks[playing[0]].notes.map(\.channel)).sorted()
      if channels.count > 1 {
        return channels.map { (.channel($0), numbered($0.number, "channel")) }
      }
    }
    return playing.map { (.track($0), numbered($0 + 1, score.tracks[$0].name ?? "track")) }
  }

  /// A file name such as `02-violin`: sortable, and without characters that need quoting.
  private static func numbered(_ number: Int, _ name: String) -> String {
    let words = name.lowercased().split { !$0.isLetter && !$0.isNumber }
    let text = words.isEmpty ? "track" : words.joined(separator: "-").prefix(60)
    return "\(number < 10 ? "0" : "")\(number)-\(text)"
  }
}
