import Improvisation
import MusicCore
import Playing
import Terminal

/// What a file has the human play, on the clock of a session.
struct PlayerPart {
  var events: [(event: DuetDriver.Event, tick: Tick)] = []
  /// How many tokens a second were thought of in a recorded session.
  private(set) var pace: Double?

  /// The part `you` of a recorded session with its signals, or all of a piece.
  ///
  /// - Throws: `Failure` where the file cannot be read or holds no notes.
  init(path: String, _ handovers: Handovers) throws(Failure) {
    var score = try Input.score(path)
    let names = score.tracks.map(\.name)
    pace = score.tracks.flatMap(\.texts).lazy.compactMap { SessionRecording.pace(of: $0.string) }.first
    if SessionRecording.names.allSatisfy(names.contains) {
      score.tracks = score.tracks.filter { $0.name == SessionRecording.names[0] }
    }
    guard score.noteCount > 0 else { throw Failure(.malformedInput, Input.name(of: path), "holds no notes") }
    for event in Performance(score).events {
      guard case .channel(let message) = event.message, message.channel != .drums else { continue }
      let tick = Tick(ofSession: event.time.rawValue)
      switch handovers.meaning(of: message) {
      case .music: events.append((.message(message), tick))
      case .signal(let handover): events.append((.signal(handover), tick))
      case .nothing: break
      }
    }
    for track in score.tracks { readTexts(of: track, score.tempoMap) }
    events.sort { $0.tick < $1.tick }
  }

  /// What was recorded as text: signals, and where all was to be silent.
  private mutating func readTexts(of track: Track, _ map: TempoMap) {
    for text in track.texts {
      guard let event = SessionRecording.event(of: text.string) else { continue }
      events.append((event, Tick(ofSession: map.seconds(at: text.tick).rawValue)))
    }
  }
}
