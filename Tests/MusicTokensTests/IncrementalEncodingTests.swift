import MIDIFiles
import MusicCore
import MusicTokens
import TestSupport
import Testing

/// Encoding events while they are played gives the same tokens as encoding a file of them.
@Suite struct IncrementalEncodingTests {
  @Test func playedAndRecordedEventsGiveTheSameTokens() throws {
    for seed in 0..<800 {
      let take = Take(seed: UInt64(seed))
      let file = try MIDIFile(bytes: take.fileBytes)
      let expected = try TokenEncoder().encode(file.score)
      for isPatient in [true, false] {
        try #require(take.encodeLive(isPatient: isPatient, map: file.score.tempoMap) == expected, "seed \(seed)")
      }
    }
  }

  @Test func tokensComeAsSoonAsTheirTickIsOver() {
    var encoder = IncrementalEncoder()
    let key = Pitch(masking: 60)
    let channel = Channel(status: 0)
    encoder.receive(ChannelMessage(channel: channel, kind: .noteOn(key, Velocity(masking: 80))), at: 0)
    #expect(encoder.advance(to: 7812).isEmpty, "an event at this time still rounds to the same tick")
    #expect(encoder.advance(to: 7813) == [.velocityChange(.mf), .noteOn(key)])
    encoder.receive(ChannelMessage(channel: channel, kind: .noteOff(key, Velocity(masking: 64))), at: 1_000_000)
    #expect(encoder.finish(at: 2_000_000) == [.timeShift(64), .noteOff(key)])
  }
}

/// Random playing on a keyboard with pedals, with an occasional panic button (all notes or all sound off).
private struct Take {
  private var events: [(tick: Int64, message: ChannelMessage)] = []
  private var end: Int64 = 0

  init(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let channels = [Channel(status: 0), Channel(status: 0), Channel(status: 3), .drums]
    let coarse: Int64 = generator.oneIn(2) ? 120 : 1
    var tick: Int64 = 0
    for _ in 0..<Int.random(in: 0...150, using: &generator) {
      if !generator.oneIn(3) { tick += Int64.random(in: 0...(240 / coarse), using: &generator) * coarse }
      let channel = channels.randomElement(using: &generator) ?? .drums
      let pitch = Pitch(masking: UInt8.random(in: 60...63, using: &generator))
      let kind: ChannelMessage.Kind =
        switch Int.random(in: 0..<24, using: &generator) {
        case 0..<9: .noteOn(pitch, Velocity(masking: .random(in: 1...127, using: &generator)))
        case 9..<18: .noteOff(pitch, Velocity(masking: 64))
        case 18..<21: .control(.controller(.sustain, .random(in: 0...127, using: &generator)))
        case 21..<22: .control(.controller(.sostenuto, .random(in: 0...127, using: &generator)))
        case 22 where generator.oneIn(2): .control(.controller(.allNotesOff, 0))
        case 22: .control(.controller(.allSoundOff, 0))
        default: .control(.pitchBend(100))
        }
      events.append((tick, ChannelMessage(channel: channel, kind: kind)))
    }
    end = tick + 500
    // At its end a recorder releases keys and pedals.
    for (key, count) in Self.heldKeys(events) {
      let pitch = Pitch(masking: UInt8(key & 127))
      let message = ChannelMessage(
        channel: Channel(status: UInt8(key >> 7)), kind: .noteOff(pitch, Velocity(masking: 64)))
      events += Array(repeating: (end, message), count: count)
    }
    for channel in Set(channels) {
      for pedal in [Controller.sustain, .sostenuto] {
        events.append((end, ChannelMessage(channel: channel, kind: .control(.controller(pedal, 0)))))
      }
    }
  }

  /// The number of times each key is down after the events, by channel and pitch.
  private static func heldKeys(_ events: [(tick: Int64, message: ChannelMessage)]) -> [Int: Int] {
    var held: [Int: Int] = [:]
    for (_, message) in events {
      let channel = Int(message.channel.rawValue) << 7
      switch message.kind {
      case .noteOn(let pitch, _): held[channel | Int(pitch.rawValue), default: 0] += 1
      case .noteOff(let pitch, _):
        let key = channel | Int(pitch.rawValue)
        held[key] = max(0, held[key, default: 0] - 1)
      case .control(.controller(.allNotesOff, _)), .control(.controller(.allSoundOff, _)):
        held = held.filter { $0.key >> 7 != channel >> 7 }
      case .control: break
      }
    }
    return held
  }

  func encodeLive(isPatient: Bool, map: TempoMap) -> [Token] {
    var encoder = IncrementalEncoder(tempoMap: map)
    var tokens: [Token] = []
    for event in events {
      encoder.receive(event.message, at: Tick(rawValue: event.tick))
      if !isPatient { tokens += encoder.advance(to: Tick(rawValue: event.tick)) }
    }
    return tokens + encoder.finish(at: Tick(rawValue: end))
  }

  /// The events as a format 0 file with 480 ticks per quarter note.
  var fileBytes: [UInt8] {
    var body: [UInt8] = []
    var last: Int64 = 0
    for event in events {
      body += Self.variableLength(Int(event.tick - last)) + Self.bytes(of: event.message)
      last = event.tick
    }
    body += [0, 0xFF, 0x2F, 0]
    let length = [24, 16, 8, 0].map { UInt8(body.count >> $0 & 0xFF) }
    return Array("MThd".utf8) + [0, 0, 0, 6, 0, 0, 0, 1, 0x01, 0xE0] + Array("MTrk".utf8) + length + body
  }

  private static func bytes(of message: ChannelMessage) -> [UInt8] {
    let channel = message.channel.rawValue
    switch message.kind {
    case .noteOn(let pitch, let velocity): return [0x90 | channel, pitch.rawValue, velocity.rawValue]
    case .noteOff(let pitch, let velocity): return [0x80 | channel, pitch.rawValue, velocity.rawValue]
    case .control(.controller(let number, let value)): return [0xB0 | channel, number.rawValue, value]
    default: return [0xE0 | channel, 0, 0x41]
    }
  }

  private static func variableLength(_ value: Int) -> [UInt8] {
    value < 128 ? [UInt8(value)] : [UInt8(value >> 7 | 0x80), UInt8(value & 0x7F)]
  }
}
