public import MusicCore
internal import MusicTokens

/// A prompt and the new music after it, as scores.
public struct Continuation: Sendable {
  /// Prompt and new music, as decoded from the tokens.
  private let whole: Score
  /// Where the new music begins.
  private let start: Seconds

  /// The name of the track that holds the new music.
  public static let trackName = "New music"

  /// - Parameters:
  ///   - whole: prompt and new music, as decoded from their tokens: one track.
  ///   - prompt: the duration of the prompt.
  public init(_ whole: Score, after prompt: TokenTime) {
    self.whole = whole
    start = prompt.seconds
  }

  private var startTick: Tick { whole.tempoMap.tick(nearest: start) }

  /// The notes that start in the new music, with its beginning at time 0.
  public var newMusic: Score {
    var score = whole
    let start = startTick
    for index in score.tracks.indices {
      score.tracks[index].notes = score.tracks[index].notes.filter { $0.onset >= start }.map { note in
        var note = note
        note.onset = note.onset - start
        note.end = note.end - start
        return note
      }
      score.tracks[index].end = max(.zero, score.tracks[index].end - start)
    }
    return score
  }

  /// The score of the prompt, unchanged up to where the new music begins (tracks, programs, pedals, drums, tempos and
  /// meters), with the new music in a track of its own, on a free channel and with the program that most notes of the
  /// prompt have.
  ///
  /// Notes that sound across the boundary last as long as the tokens say. Other notes that a pedal holds end at the
  /// boundary.
  public func joined(to prompt: Score) -> Score {
    let end = prompt.tempoMap.tick(nearest: start)
    var score = prompt
    score.tempoMap = TempoMap(
      division: prompt.division, changes: prompt.tempoMap.changes.filter { $0.tick < end || $0.tick == .zero })
    score.timeSignatures.removeAll { $0.tick >= end && $0.tick > .zero }
    score.keySignatures.removeAll { $0.tick >= end && $0.tick > .zero }
    for index in score.tracks.indices { score.tracks[index].cut(at: end) }
    sustain(in: &score, from: end, drums: prompt.drums)
    score.tracks.append(newTrack(after: prompt, in: score.tempoMap))
    return score
  }

  private func tick(_ tick: Tick, in map: TempoMap) -> Tick { map.tick(nearest: whole.tempoMap.seconds(at: tick)) }

  /// Extends notes of the prompt that the tokens sustain into the new music.
  private func sustain(in score: inout Score, from end: Tick, drums: DrumNotes) {
    for note in whole.tracks.flatMap(\.notes) where note.onset < startTick && note.end > startTick {
      let places = score.tracks.indices.flatMap { track -> [(track: Int, note: Int)] in
        score.tracks[track].notes.indices.filter {
          let other = score.tracks[track].notes[$0]
          return other.pitch == note.pitch && !drums.contains(other, track: track)
        }.map { (track, $0) }
      }
      // The note that started last is the one that sounds.
      func onset(_ place: (track: Int, note: Int)) -> Tick { score.tracks[place.track].notes[place.note].onset }
      guard let (track, index) = places.max(by: { onset($0) < onset($1) }) else { continue }
      let last = max(end, tick(note.end, in: score.tempoMap))
      score.tracks[track].notes[index].end = last
      score.tracks[track].notes[index].endTurn = 0
      score.tracks[track].end = max(score.tracks[track].end, last)
    }
  }

  private func newTrack(after prompt: Score, in map: TempoMap) -> Track {
    let drums = prompt.drums
    var counts: [Channel: Int] = [:]
    var used: Set<Channel> = [.drums]
    for (index, track) in prompt.tracks.enumerated() {
      for note in track.notes {
        used.insert(note.channel)
        if !drums.contains(note, track: index) { counts[note.channel, default: 0] += 1 }
      }
      used.formUnion(track.controls.map(\.channel))
    }
    let main = counts.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key
    let channel = (0..<16).map { Channel(status: $0) }.first { !used.contains($0) } ?? main ?? Channel(status: 0)
    let end = map.tick(nearest: start)
    let notes = whole.tracks.flatMap(\.notes).filter { $0.onset >= startTick }.map { note in
      Note(
        onset: tick(note.onset, in: map), end: tick(note.end, in: map), pitch: note.pitch, velocity: note.velocity,
        channel: channel)
    }
    let controls = sound(of: main, in: prompt, before: end).map {
      ControlEvent(tick: end, channel: channel, message: $0)
    }
    return Track(
      notes: notes, controls: channel == main ? [] : controls,
      texts: [TextEvent(tick: .zero, kind: .trackName, bytes: Array(Self.trackName.utf8))],
      end: max(tick(whole.tracks.map(\.end).max() ?? .zero, in: map), notes.map(\.end).max() ?? end))
  }

  /// The bank and program in force on a channel at a tick.
  private func sound(of channel: Channel?, in score: Score, before end: Tick) -> [ControlEvent.Message] {
    var latest: [Int: ControlEvent] = [:]
    for control in score.tracks.flatMap(\.controls) where control.channel == channel && control.tick <= end {
      let place: Int
      switch control.message {
      case .controller(.bankSelect, _): place = 0
      case .controller(let controller, _) where controller.rawValue == 32: place = 1
      case .program: place = 2
      default: continue
      }
      if latest[place].map({ $0.tick <= control.tick }) ?? true { latest[place] = control }
    }
    return (0...2).compactMap { latest[$0]?.message }
  }
}

extension Track {
  /// Removes all events from a tick on, ends the notes that sound there, and releases the pedals.
  fileprivate mutating func cut(at end: Tick) {
    notes.removeAll { $0.onset >= end }
    for index in notes.indices where notes[index].end > end {
      notes[index].end = end
      notes[index].endTurn = 0
    }
    controls.removeAll { $0.tick >= end && $0.tick > .zero }
    texts.removeAll { $0.tick >= end && $0.tick > .zero }
    systemExclusives.removeAll { $0.tick >= end && $0.tick > .zero }
    var down: [(channel: Channel, port: UInt8, pedal: Controller)] = []
    for control in controls {
      guard case .controller(let pedal, let value) = control.message, pedal == .sustain || pedal == .sostenuto else {
        continue
      }
      down.removeAll { $0 == (control.channel, control.port, pedal) }
      if value >= 64 { down.append((control.channel, control.port, pedal)) }
    }
    controls += down.map {
      ControlEvent(tick: end, channel: $0.channel, message: .controller($0.pedal, 0), port: $0.port)
    }
    self.end = end
  }
}
