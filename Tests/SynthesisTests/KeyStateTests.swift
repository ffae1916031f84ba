import CFluidSynth
import MusicCore
import MusicTokens
import Synthesis
import TestSupport
import Testing

/// Tokens describe the sound that a synthesizer makes: the keys that sound in FluidSynth after each tick are those of
/// the token stream.
struct KeyStateTests {
  /// The frames in a tick of the score. It is two ticks of the token stream long, because in FluidSynth no release is
  /// shorter than 16 ms.
  private static let tickFrames = 1500

  @Test func tokensAreWhatFluidSynthSounds() throws {
    let folder = try TemporaryFolder()
    let font = try folder.write(OrganFont.bytes(), to: "organ.sf2")
    for seed in 0..<200 {
      let score = Self.score(seed: UInt64(seed))
      let tokens = try sounding(in: TokenEncoder(options: EncodingOptions(includesDrums: true)).encode(score))
      var configuration = dry
      configuration.ports = 2
      let synthesizer = try Synthesizer(soundFont: font, configuration: configuration)
      var frame = 0
      func render(to end: Int) {
        var samples = [Float](repeating: 0, count: 2 * max(0, end - frame))
        synthesizer.render(into: &samples, frames: 0..<samples.count / 2)
        frame = max(frame, end)
      }
      // The token stream ends all notes at the last event, which is therefore not compared.
      for (tick, events) in Self.instants(of: score).dropLast() {
        render(to: Int(tick) * Self.tickFrames)
        for event in events { synthesizer.send(event) }
        // Released notes decay within the tick.
        render(to: Int(tick) * Self.tickFrames + 1400)
        let heard = synthesizer.sounding
        // In tokens every note lasts at least one tick.
        let all = tokens.sounding(at: 2 * tick)
        let lasting = all.subtracting(tokens.starting(at: 2 * tick))
        try #require(
          heard.isSubset(of: all) && heard.isSuperset(of: lasting),
          "seed \(seed), tick \(tick): \(heard.sorted()), in tokens \(all.sorted())")
      }
    }
  }

  private static func instants(of score: Score) -> [(tick: Int64, events: [ScoreEvent])] {
    var instants: [(tick: Int64, events: [ScoreEvent])] = []
    for event in score.events.played {
      if instants.last?.tick != event.tick.rawValue { instants.append((event.tick.rawValue, [])) }
      instants[instants.count - 1].events.append(event)
    }
    return instants
  }

  /// Six seconds of keys and pedals on three channels of two ports, with resets.
  private static func score(seed: UInt64) -> Score {
    var random = SeededGenerator(seed: seed)
    func tick() -> Tick { Tick(rawValue: .random(in: 0...192, using: &random)) }
    func turn() -> UInt8 { .random(in: 0...2, using: &random) }
    var (struck, caught): (Set<UInt8>, Set<UInt8>) = ([], [])
    let tracks = (0..<2).map { _ in
      let notes = (0..<40).compactMap { _ -> Note? in
        let onset = tick()
        let (channel, port) = (UInt8.random(in: 0...2, using: &random), UInt8.random(in: 0...1, using: &random))
        // Each channel has pitches of its own, because the token stream merges equal pitches of different channels.
        let pitch = 40 + 21 * port + 7 * channel + UInt8.random(in: 0...6, using: &random)
        // If a key is struck again, FluidSynth's sostenuto pedal also catches the old note that the sustain pedal held.
        guard channel < 2 || struck.insert(pitch).inserted else { return nil }
        return Note(
          onset: onset, end: onset + Tick(rawValue: .random(in: 0...30, using: &random)),
          pitch: Pitch(masking: pitch), velocity: Velocity(masking: 100),
          channel: Channel(status: channel), port: port,
          onsetTurn: turn(), endTurn: turn())
      }
      let controls = (0..<30).map { _ -> ControlEvent in
        let channel = UInt8.random(in: 0...2, using: &random)
        let pedals: [UInt8] = [[64], [66], [64, 66]][Int(channel)]
        // After all-sound-off, FluidSynth's sostenuto pedal still holds a key that is struck at the same time.
        let others: [UInt8] = channel == 0 ? [120, 121, 123, 124, 126] : [121, 123, 124, 126]
        let isPedal = Int.random(in: 0..<3, using: &random) > 0
        let number = (isPedal ? pedals : others).randomElement(using: &random) ?? 64
        let port = UInt8.random(in: 0...1, using: &random)
        // After a release while the sustain pedal is down, FluidSynth's sostenuto pedal holds the same notes again.
        let mayBeDown = channel < 2 || number != 66 || caught.insert(port).inserted
        let isDown = Bool.random(using: &random) && mayBeDown
        return ControlEvent(
          tick: tick(), channel: Channel(status: channel),
          message: .controller(Controller(masking: number), isDown ? 127 : 0), port: port, turn: turn())
      }
      let resets =
        Int.random(in: 0..<3, using: &random) == 0
        ? [SystemExclusive(tick: tick(), bytes: [0x7E, 0x7F, 9, 1], turn: turn())] : []
      return Track(
        notes: notes.sorted { $0.onset < $1.onset }, controls: controls.sorted { $0.tick < $1.tick },
        systemExclusives: resets)
    }
    return Score(tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 16)), tracks: tracks)
  }

  /// The times of notes in tokens, by pitch.
  private struct Times {
    var notes: [(pitch: Int32, onset: Int64, end: Int64)] = []

    func sounding(at tick: Int64) -> Set<Int32> { Set(notes.filter { $0.onset <= tick && tick < $0.end }.map(\.pitch)) }
    func starting(at tick: Int64) -> Set<Int32> { Set(notes.filter { $0.onset == tick }.map(\.pitch)) }
  }

  private func sounding(in tokens: [Token]) -> Times {
    var times = Times()
    var (tick, starts): (Int64, [Int32: Int64]) = (0, [:])
    for token in tokens {
      switch token.meaning {
      case .timeShift(let ticks): tick += Int64(ticks)
      case .noteOn(let pitch): starts[Int32(pitch.rawValue)] = tick
      case .noteOff(let pitch):
        let number = Int32(pitch.rawValue)
        if let start = starts.removeValue(forKey: number) { times.notes.append((number, start, tick)) }
      case .velocityChange: break
      }
    }
    return times
  }
}

extension Synthesizer {
  fileprivate func send(_ event: ScoreEvent) {
    switch event.message {
    case .channel(let message): send(message, port: Int(event.port))
    case .systemExclusive(let bytes): send(systemExclusive: bytes, port: Int(event.port))
    case .system: break
    }
  }

  /// The keys that sound on any channel.
  fileprivate var sounding: Set<Int32> {
    withFluidSynth { synthesizer in
      var voices = [OpaquePointer?](repeating: nil, count: 512)
      fluid_synth_get_voicelist(synthesizer, &voices, 512, -1)
      return Set(
        voices.prefix { $0 != nil }.compactMap { $0 }
          .filter { fluid_voice_is_playing($0) != 0 }
          .map { fluid_voice_get_key($0) })
    }
  }
}
