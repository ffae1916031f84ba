import MusicCore
import MusicTokens

/// The rules of the stream, one after the other and as slowly as they are written, to hold the encoder to.
struct ReferenceEncoder {
  var options = EncodingOptions()

  /// A note with its true end, in ticks of the score.
  private struct Span {
    var pitch: Int
    var level: DynamicLevel
    var onset: Int64
    var end: Int64
  }

  private struct Key: Hashable {
    var port: UInt8
    var channel: UInt8
  }

  func encode(_ score: Score) -> [Token] {
    var notes: [Key: [Note]] = [:]
    for (index, track) in score.tracks.enumerated() where options.tracks?.contains(index) ?? true {
      for note in track.notes {
        if let channels = options.channels {
          guard channels.contains(note.channel) else { continue }
        } else if !options.includesDrums, note.channel == .drums {
          continue
        }
        notes[Key(port: track.port, channel: note.channel.rawValue), default: []].append(note)
      }
    }
    var pedals: [Key: [(tick: Int64, controller: Controller, isDown: Bool)]] = [:]
    for track in score.tracks where options.pedal == .extend {
      for control in track.controls {
        guard case .controller(let number, let value) = control.message else { continue }
        pedals[Key(port: track.port, channel: control.channel.rawValue), default: []]
          .append((control.tick.rawValue, number, value >= 64))
      }
    }
    let lastEvent = max(
      notes.values.joined().map(\.end.rawValue).max() ?? 0,
      notes.keys.compactMap { pedals[$0]?.map(\.tick).max() }.max() ?? 0)
    var spans: [Span] = []
    for (key, notes) in notes {
      let sustain = Pedal(pedals[key] ?? [], .sustain, last: lastEvent)
      let sostenuto = Pedal(pedals[key] ?? [], .sostenuto, last: lastEvent)
      for (pitch, group) in Dictionary(grouping: notes, by: \.pitch) {
        spans += Self.spans(of: group, pitch: Int(pitch.rawValue), sustain: sustain, sostenuto: sostenuto)
      }
    }
    return tokens(of: spans, map: score.tempoMap)
  }

  // MARK: Pedals

  /// The times at which a pedal is down: from each start to each end, in order.
  private struct Pedal {
    var holds: [(down: Int64, up: Int64)] = []

    init(_ events: [(tick: Int64, controller: Controller, isDown: Bool)], _ controller: Controller, last: Int64) {
      // At one instant, down comes before up.
      let mine = events.filter { $0.controller == controller }
        .sorted { ($0.tick, $0.isDown ? 0 : 1) < ($1.tick, $1.isDown ? 0 : 1) }
      var down: Int64?
      for event in mine {
        if event.isDown {
          down = down ?? event.tick
        } else if let start = down {
          holds.append((start, event.tick))
          down = nil
        }
      }
      if let start = down { holds.append((start, .max)) }
      holds = holds.map { ($0.down, $0.up == .max ? last : $0.up) }
    }

    /// The hold that a key released at a tick falls into.
    func hold(at tick: Int64) -> (down: Int64, up: Int64)? { holds.first { $0.down <= tick && tick < $0.up } }
  }

  private static func spans(of notes: [Note], pitch: Int, sustain: Pedal, sostenuto: Pedal) -> [Span] {
    // First in, first out.
    let starts = notes.sorted { $0.onset < $1.onset }
    let ends = notes.map(\.end.rawValue).sorted()
    var spans: [Span] = []
    for (index, note) in starts.enumerated() {
      spans.append(
        Span(
          pitch: pitch, level: DynamicLevel(nearest: note.velocity), onset: note.onset.rawValue, end: ends[index]))
    }
    // A hold catches a pitch if something of it sounds when it begins, holds before it included.
    var caught: [(down: Int64, up: Int64)] = []
    func rings(_ end: Int64) -> Int64 {
      var end = end
      while true {
        if let hold = sustain.hold(at: end) {
          end = hold.up
        } else if let hold = caught.first(where: { $0.down <= end && end < $0.up }) {
          end = hold.up
        } else {
          return end
        }
      }
    }
    for hold in sostenuto.holds {
      let sounds = spans.indices.contains { index in
        // A later onset takes the string over.
        let takeover = index + 1 < spans.count ? spans[index + 1].onset : .max
        return spans[index].onset < hold.down && min(ringsBefore(spans[index].end, hold.down), takeover) >= hold.down
      }
      func ringsBefore(_ end: Int64, _ time: Int64) -> Int64 {
        end >= time ? end : (rings(end) > time ? time : rings(end))
      }
      if sounds { caught.append(hold) }
    }
    for index in spans.indices { spans[index].end = rings(spans[index].end) }
    return spans
  }

  // MARK: Tokens

  private func tokens(of spans: [Span], map: TempoMap) -> [Token] {
    // One pitch and one onset tick: the loudest level, the longest end.
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
      for pitch in (ends[tick] ?? []).sorted() { tokens.append(.noteOff(Pitch(clamping: UInt8(pitch)))) }
      for (next, pitch) in (starts[tick] ?? []).sorted(by: <) {
        if next != level { tokens.append(.velocityChange(next)) }
        level = next
        tokens.append(.noteOn(Pitch(clamping: UInt8(pitch))))
      }
    }
    return tokens
  }
}
