import MusicCore
import MusicTokens

/// A slow, literal implementation of the rules of the stream as a reference for the encoder: it simulates the keys,
/// pedals and voices of a synthesizer's channels and encodes the times at which each pitch sounds.
struct ReferenceEncoder {
  var options = EncodingOptions()

  /// A note with the end of its sound, in ticks of the score.
  private struct Span {
    var pitch: Int
    var level: DynamicLevel
    var onset: Int64
    var end: Int64
  }

  private struct Part: Hashable {
    var port: UInt8
    var channel: UInt8
  }

  /// An event with its place in playing order: tick, track, turn, and rank within the turn.
  private struct Event {
    var place: (Int64, Int, UInt8, Int)
    /// The part that it affects, or nil for all parts.
    var part: Part?
    var kind: Kind

    enum Kind {
      case on(Int, DynamicLevel)
      case off(Int)
      case controller(UInt8, UInt8)
      case reset
    }
  }

  func encode(_ score: Score) -> [Token] {
    let events = events(of: score)
    var channels: [Part: SlowChannel] = [:]
    for event in events {
      if case .on = event.kind, let part = event.part { channels[part] = channels[part] ?? SlowChannel() }
    }
    var now: Int64 = 0
    for event in events {
      guard let part = event.part else {
        for part in channels.keys { channels[part]?.reset(at: event.place.0) }
        now = event.place.0
        continue
      }
      guard channels[part] != nil else { continue }
      now = event.place.0
      channels[part]?.apply(event.kind, at: now, usesPedals: options.pedal == .extend)
    }
    for part in channels.keys { channels[part]?.endAll(at: now) }
    return tokens(of: channels.values.flatMap(\.spans), map: score.tempoMap)
  }

  private func events(of score: Score) -> [Event] {
    var events: [Event] = []
    for (index, track) in score.tracks.enumerated() {
      for note in track.notes where includes(note, track: index) {
        let part = Part(port: note.port, channel: note.channel.rawValue)
        let (on, off) = (note.onset.rawValue, note.end.rawValue)
        let pitch = Int(note.pitch.rawValue)
        events.append(
          Event(
            place: (on, index, note.onsetTurn, 3), part: part, kind: .on(pitch, DynamicLevel(nearest: note.velocity))))
        let turn = on == off ? max(note.onsetTurn, note.endTurn) : note.endTurn
        events.append(Event(place: (off, index, turn, on == off ? 4 : 0), part: part, kind: .off(pitch)))
      }
      for message in track.systemExclusives where message.bytes.first != 0x7D {
        events.append(Event(place: (message.tick.rawValue, index, message.turn, 1), kind: .reset))
      }
      for control in track.controls {
        guard case .controller(let number, let value) = control.message else { continue }
        events.append(
          Event(
            place: (control.tick.rawValue, index, control.turn, 2),
            part: Part(port: control.port, channel: control.channel.rawValue),
            kind: .controller(number.rawValue, value)))
      }
    }
    return events.sorted { $0.place < $1.place }
  }

  private func includes(_ note: Note, track: Int) -> Bool {
    guard options.tracks?.contains(track) ?? true else { return false }
    return options.channels?.contains(note.channel) ?? (options.includesDrums || note.channel != .drums)
  }

  // MARK: A synthesizer

  private struct SlowChannel {
    var spans: [Span] = []
    private var presses: [Int: Int] = [:]
    private var voices: [Int: Span] = [:]
    private var isSustaining = false
    private var isSostenutoDown = false
    private var caught: Set<Int> = []

    init() {}

    mutating func apply(_ kind: Event.Kind, at tick: Int64, usesPedals: Bool) {
      switch kind {
      case .on(let pitch, let level):
        end(pitch, at: tick)
        voices[pitch] = Span(pitch: pitch, level: level, onset: tick, end: tick)
        presses[pitch, default: 0] += 1
      case .off(let pitch):
        guard let count = presses[pitch] else { return }
        presses[pitch] = count > 1 ? count - 1 : nil
        damp(at: tick)
      case .controller(120, _):
        (presses, caught) = ([:], [])
        endAll(at: tick)
      case .controller(123..., _):
        presses = [:]
        damp(at: tick)
      case .controller(let number, let value) where usesPedals:
        press(pedal: number, isDown: value >= 64)
        damp(at: tick)
      case .controller: break
      case .reset: reset(at: tick)
      }
    }

    private mutating func press(pedal number: UInt8, isDown: Bool) {
      switch number {
      case 64: isSustaining = isDown
      case 66:
        if isDown, !isSostenutoDown { caught = Set(presses.keys) }
        if !isDown { caught = [] }
        isSostenutoDown = isDown
      case 121: (isSustaining, isSostenutoDown, caught) = (false, false, [])
      default: break
      }
    }

    mutating func reset(at tick: Int64) {
      endAll(at: tick)
      self = SlowChannel(spans: spans)
    }

    private init(spans: [Span]) { self.spans = spans }

    /// Ends the voices that neither a key nor a pedal holds.
    private mutating func damp(at tick: Int64) {
      guard !isSustaining else { return }
      for pitch in Array(voices.keys) where presses[pitch] == nil && !caught.contains(pitch) { end(pitch, at: tick) }
    }

    private mutating func end(_ pitch: Int, at tick: Int64) {
      guard var span = voices.removeValue(forKey: pitch) else { return }
      span.end = tick
      spans.append(span)
    }

    mutating func endAll(at tick: Int64) {
      for pitch in Array(voices.keys) { end(pitch, at: tick) }
    }
  }

  // MARK: Tokens

  private func tokens(of spans: [Span], map: TempoMap) -> [Token] {
    // Notes of one pitch and onset tick are merged, with the highest level and the latest end.
    var notes: [Int: [Int: (level: DynamicLevel, end: Int)]] = [:]
    for span in spans {
      let onset = map.step(at: Tick(rawValue: span.onset), rate: 64)
      let end = max(onset + 1, map.step(at: Tick(rawValue: span.end), rate: 64))
      let known = notes[span.pitch, default: [:]][onset]
      notes[span.pitch, default: [:]][onset] = (max(span.level, known?.level ?? .pp), max(end, known?.end ?? 0))
    }
    var ends: [Int: [Int]] = [:]
    var starts: [Int: [(DynamicLevel, Int)]] = [:]
    for (pitch, byOnset) in notes {
      let onsets = byOnset.keys.sorted()
      for (index, onset) in onsets.enumerated() {
        guard let note = byOnset[onset] else { continue }
        let next = index + 1 < onsets.count ? onsets[index + 1] : .max
        starts[onset, default: []].append((note.level, pitch))
        ends[min(note.end, next), default: []].append(pitch)
      }
    }
    var tokens: [Token] = []
    var time = 0
    var level: DynamicLevel?
    for tick in Set(ends.keys).union(starts.keys).sorted() {
      while time < tick {
        let step = min(512, tick - time)
        tokens.append(.timeShift(step))
        time += step
      }
      for pitch in (ends[tick] ?? []).sorted() { tokens.append(.noteOff(Pitch(masking: UInt8(pitch)))) }
      for (next, pitch) in (starts[tick] ?? []).sorted(by: <) {
        if next != level { tokens.append(.velocityChange(next)) }
        level = next
        tokens.append(.noteOn(Pitch(masking: UInt8(pitch))))
      }
    }
    return tokens
  }
}
