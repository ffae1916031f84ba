package import MusicCore

/// A recording of a session as a score of two tracks, `you` and `aurl`, with signals and adjustments as text events.
///
/// Its ticks are those of the session, so replaying the first track gets the same answers.
package struct SessionRecording: Sendable {
  package static let names = ["you", "aurl"]
  /// The prefixes of text events: signals, the assumed tokens per second, pulses and adjustments.
  private static let (signalPrefix, pacePrefix) = ("aurl signal ", "aurl pace ")
  private static let (pulsePrefix, adjustmentPrefix) = ("aurl pulse ", "aurl set ")
  private static let (stop, goOn, none) = ("stop", "continue", "none")

  /// The music of one player.
  private struct Part {
    var track = Track()
    /// Keeps the order of events within a tick.
    var turns = TurnCounter()
    /// The sounding notes of each key, as indices of the track's notes, the oldest first.
    var sounding: [Int: [Int]] = [:]

    mutating func append(_ message: ChannelMessage, at tick: Tick) {
      switch message.kind {
      case .noteOn(let pitch, let velocity):
        sounding[Self.key(message.channel, pitch), default: []].append(track.notes.count)
        track.notes.append(
          Note(
            onset: tick, end: tick, pitch: pitch, velocity: velocity, channel: message.channel,
            onsetTurn: turns.next(.noteStart, at: tick)))
      case .noteOff(let pitch, let velocity):
        let key = Self.key(message.channel, pitch)
        guard sounding[key]?.isEmpty == false, let index = sounding[key]?.removeFirst() else { return }
        let isEmpty = track.notes[index].onset == tick
        track.notes[index].end = tick
        track.notes[index].endTurn = turns.next(isEmpty ? .emptyNoteEnd : .noteEnd, at: tick)
        track.notes[index].releaseVelocity = velocity
      case .control(let control):
        track.controls.append(
          ControlEvent(
            tick: tick, channel: message.channel, message: control, turn: turns.next(.control, at: tick)))
      }
    }

    /// Removes the leading notes that ended before a tick, and all other events before it.
    mutating func forget(before tick: Tick) {
      let open = Set(sounding.values.joined())
      let count = track.notes.indices.prefix { track.notes[$0].end < tick && !open.contains($0) }.count
      track.notes.removeFirst(count)
      for key in sounding.keys { sounding[key] = sounding[key]?.map { $0 - count } }
      track.texts.removeAll { $0.tick < tick && $0.tick > .zero }
      track.controls.removeAll { $0.tick < tick && $0.tick > .zero }
    }

    private static func key(_ channel: Channel, _ pitch: Pitch) -> Int {
      Int(channel.rawValue) << 7 | Int(pitch.rawValue)
    }
  }

  private var parts = [Part(), Part()]
  private var end = Tick.zero

  /// The text of an event other than a message; nil for messages.
  package static func text(of event: DuetDriver.Event) -> String? {
    switch event {
    case .message: nil
    case .signal(let handover): signalPrefix + handover.rawValue
    case .pulse(let pulse?): "\(pulsePrefix)\(pulse.quarters) \(pulse.seconds) \(pulse.secondsPerQuarter)"
    case .pulse(nil): pulsePrefix + none
    case .adjustment(let adjustment): adjustmentPrefix + adjustment.description
    case .stop: signalPrefix + stop
    case .goOn: signalPrefix + goOn
    }
  }

  /// The event that a text stands for; nil for other texts.
  package static func event(of text: String) -> DuetDriver.Event? {
    if text.hasPrefix(adjustmentPrefix) {
      return Adjustment(String(text.dropFirst(adjustmentPrefix.count))).map { .adjustment($0) }
    }
    if text.hasPrefix(pulsePrefix) { return pulse(of: text.dropFirst(pulsePrefix.count)) }
    guard text.hasPrefix(signalPrefix) else { return nil }
    switch text.dropFirst(signalPrefix.count) {
    case stop: return .stop
    case goOn: return .goOn
    case let name: return Handover(rawValue: String(name)).map { .signal($0) }
    }
  }

  private static func pulse(of text: Substring) -> DuetDriver.Event? {
    guard text != none else { return .pulse(nil) }
    let numbers = text.split(separator: " ").compactMap { Double($0) }
    guard numbers.count == 3, numbers.allSatisfy({ abs($0) < 1e9 }), (0.02...60).contains(numbers[2]) else {
      return nil
    }
    return .pulse(Pulse(quarters: numbers[0], seconds: numbers[1], secondsPerQuarter: numbers[2]))
  }

  package static func text(ofPace tokensPerSecond: Double) -> String { "\(pacePrefix)\(tokensPerSecond)" }

  /// The tokens per second that a text states; nil for other texts.
  package static func pace(of text: String) -> Double? {
    text.hasPrefix(pacePrefix) ? Double(text.dropFirst(pacePrefix.count)) : nil
  }

  package init(program: Program? = nil, channel: Channel) {
    for index in 0..<2 {
      parts[index].track.texts.append(
        TextEvent(tick: .zero, kind: .trackName, bytes: Array(Self.names[index].utf8)))
    }
    if let program {
      parts[1].append(ChannelMessage(channel: channel, kind: .control(.program(program))), at: .zero)
    }
  }

  /// Records a message; the messages of a player must come in the order in which they are played.
  package mutating func append(_ message: ChannelMessage, from player: Player, at tick: Tick) {
    end = max(end, tick)
    parts[player == .human ? 0 : 1].append(message, at: tick)
  }

  /// Records a text event in the track of a player.
  package mutating func note(_ text: String, of player: Player, at tick: Tick) {
    end = max(end, tick)
    parts[player == .human ? 0 : 1].track.texts.append(
      TextEvent(tick: tick, kind: .text, bytes: Array(text.utf8)))
  }

  /// The number of notes of a player that have not ended.
  package func soundingCount(of player: Player) -> Int {
    parts[player == .human ? 0 : 1].sounding.values.reduce(0) { $0 + $1.count }
  }

  /// Removes what was played before a tick.
  package mutating func forget(before tick: Tick) {
    for index in parts.indices { parts[index].forget(before: tick) }
  }

  /// The events from a tick on, as a score that starts there.
  package func score(from start: Tick) -> Score {
    let start = max(.zero, start)
    var score = score()
    for index in score.tracks.indices {
      score.tracks[index].notes = score.tracks[index].notes.filter { $0.onset >= start }.map { note in
        var note = note
        (note.onset, note.end) = (note.onset - start, note.end - start)
        return note
      }
      score.tracks[index].controls = score.tracks[index].controls.filter { $0.tick >= start || $0.tick == .zero }.map {
        var control = $0
        control.tick = max(.zero, control.tick - start)
        return control
      }
      score.tracks[index].texts = score.tracks[index].texts.filter { $0.kind == .trackName }
      score.tracks[index].end = max(.zero, score.tracks[index].end - start)
    }
    return score
  }

  /// The score so far; sounding notes end with it.
  package func score() -> Score {
    let tracks = parts.map { part in
      var track = part.track
      for index in part.sounding.values.joined() {
        track.notes[index].end = end
        track.notes[index].endTurn = part.turns.peek(.noteEnd, at: end)
      }
      track.texts.sort { $0.tick < $1.tick }
      track.end = end
      return track
    }
    return Score(tempoMap: SessionTime.tempoMap, tracks: tracks)
  }
}
