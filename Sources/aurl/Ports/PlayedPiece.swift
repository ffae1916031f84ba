import MusicCore
import Playing
import Terminal

/// A file prepared for playing: transposed, without muted tracks, and up to the end of the loop.
struct PlayedPiece: Sendable {
  var name: String
  var score: Score
  var performance: Performance

  /// - Throws: `Failure` if it cannot be read, has no such track, or ends before the start.
  init(_ path: String, _ arguments: PlayArguments) throws(Failure) {
    name = Input.name(of: path)
    var score = try Input.score(path)
    let muted = try Self.tracks(arguments.mute, of: score, path: path)
    let soloed = try Self.tracks(arguments.solo, of: score, path: path)
    if !muted.isEmpty { score = score.keepingNotes { !muted.contains($0) } }
    if !soloed.isEmpty { score = score.keepingNotes { soloed.contains($0) } }
    self.score = score.transposed(by: arguments.transpose)
    performance = Performance(self.score)
    if let loop = arguments.loop { performance = performance.until(loop.end) }
    guard arguments.begin < performance.duration || performance.events.isEmpty else {
      let option = arguments.loop == nil ? "--start" : "--loop"
      throw Failure(.usage, option, "\(name) ends at \(performance.duration.text(decimals: 1)) s")
    }
  }

  /// The indices of tracks given by number, from 1, or by a part of their name.
  private static func tracks(_ names: [String], of score: Score, path: String) throws(Failure) -> Set<Int> {
    var found: Set<Int> = []
    for name in names {
      let matches = score.tracks.indices.filter { index in
        Int(name).map { $0 == index + 1 }
          ?? (score.tracks[index].name ?? "").lowercased().contains(name.lowercased())
      }
      guard !matches.isEmpty else {
        let list = score.tracks.enumerated().map { "\($0 + 1) \($1.name ?? "without a name")" }
        throw Failure(
          .usage, Input.name(of: path), "there is no track \"\(name)\"; it has \(list.joined(separator: ", "))")
      }
      found.formUnion(matches)
    }
    return found
  }

  /// The text of the progress line at a position: times, bar and tempo.
  func status(at position: Seconds, speed: Double, isPaused: Bool) -> String {
    let tick = score.tempoMap.tick(nearest: position)
    var text = "\(position.clockText) / \(performance.duration.clockText)"
    if let bar = score.bar(at: tick) {
      let tempo = 60_000_000 / Double(score.tempoMap.microsecondsPerQuarter(at: tick)) * speed
      text += "  bar \(bar)  \(Int(tempo.rounded())) BPM"
    }
    return isPaused ? text + "  paused" : text
  }
}
