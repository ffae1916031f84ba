import Improvisation
import MusicCore
import Playing
import Terminal

/// The human's part from a file, on the clock of a session.
struct PlayerPart {
  var events: [(event: DuetDriver.Event, tick: Tick)] = []
  /// The assumed generation speed of a recorded session, in tokens per second.
  private(set) var pace: Double?

  /// The pulse of a piece that is played in one tempo, and the length in seconds of the bars of a turn.
  private(set) var pulse: Pulse?
  private(set) var barLength: Double?

  /// How a piece is played in bars.
  struct Beats {
    /// The tempo in quarter notes per minute; nil for the mean of the piece.
    var tempo: Double?
    var bars: Int
    var meter: Meter
  }

  /// Reads the track `you` of a recorded session with its signals, or all of a piece.
  ///
  /// - Throws: `Failure` if the file cannot be read or has no notes.
  init(path: String, _ handovers: Handovers, beats: Beats? = nil) throws(Failure) {
    var score = try Input.score(path)
    let names = score.tracks.map(\.name)
    pace = score.tracks.flatMap(\.texts).lazy.compactMap { SessionRecording.pace(of: $0.string) }.first
    if SessionRecording.names.allSatisfy(names.contains) {
      score.tracks = score.tracks.filter { $0.name == SessionRecording.names[0] }
    } else if let beats {
      play(&score, beats)
    }
    guard score.noteCount > 0 else { throw Failure(.malformedInput, Input.name(of: path), "holds no notes") }
    var pedals = PedalPresses()
    for event in Performance(score).events {
      guard case .channel(let message) = event.message, message.channel != .drums else { continue }
      let tick = Tick(ofSession: event.time.rawValue)
      switch handovers.meaning(of: message, &pedals) {
      case .music: events.append((.message(message), tick))
      case .signal(let handover): events.append((.signal(handover), tick))
      case .nothing: break
      }
    }
    for track in score.tracks { readTexts(of: track, score.tempoMap) }
    events.sort { $0.tick < $1.tick }
  }

  /// Converts a piece to a constant tempo.
  private mutating func play(_ score: inout Score, _ beats: Beats) {
    guard case .metrical(let ticksPerQuarter) = score.division,
      let end = score.tracks.flatMap(\.notes).map(\.end).max(), end > .zero
    else { return }
    let mean = score.tempoMap.seconds(at: end).rawValue / (Double(end.rawValue) / Double(ticksPerQuarter))
    let secondsPerQuarter = beats.tempo.map { 60 / $0 } ?? mean
    let change = TempoChange(tick: .zero, microsecondsPerQuarter: Int((secondsPerQuarter * 1e6).rounded()))
    score.tempoMap = TempoMap(division: score.division, changes: [change])
    let exact = Double(change.microsecondsPerQuarter) / 1e6
    pulse = Pulse(quarters: 0, seconds: 0, secondsPerQuarter: exact)
    barLength = Double(beats.bars) * beats.meter.quartersPerBar * exact
  }

  /// Reads the events that were recorded as text: signals, adjustments and stops.
  private mutating func readTexts(of track: Track, _ map: TempoMap) {
    for text in track.texts {
      guard let event = SessionRecording.event(of: text.string) else { continue }
      events.append((event, Tick(ofSession: map.seconds(at: text.tick).rawValue)))
    }
  }
}
