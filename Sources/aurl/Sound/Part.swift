import MusicCore

/// The notes of a score that one rendering plays.
enum Part: Hashable, Sendable {
  case all
  case track(Int)
  case channel(Channel)

  /// - Parameter track: the index of the note's track.
  func contains(track: Int, note: Note) -> Bool {
    switch self {
    case .all: true
    case .track(let index): index == track
    case .channel(let channel): channel == note.channel
    }
  }

  /// The parts that a score is taken apart into, with a name for the file of each: its tracks that have notes,
  /// or the channels of a score that has all notes in one track.
  static func stems(of score: Score) -> [(part: Part, name: String)] {
    let playing = score.tracks.indices.filter { !score.tracks[$0].notes.isEmpty }
    if playing.count == 1 {
      let channels = Set(score.tracks[playing[0]].notes.map(\.channel)).sorted()
      if channels.count > 1 {
        return channels.map { (.channel($0), numbered($0.number, "channel")) }
      }
    }
    return playing.map { (.track($0), numbered($0 + 1, score.tracks[$0].name ?? "track")) }
  }

  /// Such as `02-violin`: numbers that sort, and nothing that a shell or another system takes amiss.
  private static func numbered(_ number: Int, _ name: String) -> String {
    let words = name.lowercased().split { !$0.isLetter && !$0.isNumber }
    let text = words.isEmpty ? "track" : words.joined(separator: "-").prefix(60)
    return "\(number < 10 ? "0" : "")\(number)-\(text)"
  }
}
