import CFluidSynth
import Glibc
import MIDIFiles
import MusicCore
import Synthesis
import Testing

/// Comparison with FluidSynth's own player, which `fluidsynth -F` uses for rendering.
struct ReferenceTests {
  /// The left channel of a MIDI file rendered by FluidSynth's player.
  private func reference(
    _ score: Score, soundFont: String, configuration: SynthesizerConfiguration, frames: Int
  ) throws -> Sound {
    let settings = try #require(new_fluid_settings())
    defer { delete_fluid_settings(settings) }
    fluid_settings_setnum(settings, "synth.sample-rate", 48_000)
    fluid_settings_setnum(settings, "synth.gain", Double(configuration.gain))
    fluid_settings_setint(settings, "synth.polyphony", Int32(configuration.polyphony))
    fluid_settings_setint(settings, "synth.lock-memory", 0)
    fluid_settings_setstr(settings, "player.timing-source", "sample")
    fluid_settings_setint(settings, "synth.reverb.active", configuration.reverb == nil ? 0 : 1)
    if let reverb = configuration.reverb {
      fluid_settings_setnum(settings, "synth.reverb.room-size", reverb.roomSize)
      fluid_settings_setnum(settings, "synth.reverb.damp", reverb.damping)
      fluid_settings_setnum(settings, "synth.reverb.width", reverb.width)
      fluid_settings_setnum(settings, "synth.reverb.level", reverb.level)
    }
    fluid_settings_setint(settings, "synth.chorus.active", configuration.chorus == nil ? 0 : 1)
    if let chorus = configuration.chorus {
      fluid_settings_setint(settings, "synth.chorus.nr", Int32(chorus.voices))
      fluid_settings_setnum(settings, "synth.chorus.level", chorus.level)
      fluid_settings_setnum(settings, "synth.chorus.speed", chorus.speed)
      fluid_settings_setnum(settings, "synth.chorus.depth", chorus.depth)
    }
    let synthesizer = try #require(new_fluid_synth(settings))
    defer { delete_fluid_synth(synthesizer) }
    try #require(fluid_synth_sfload(synthesizer, soundFont, 1) != FLUID_FAILED)
    let player = try #require(new_fluid_player(synthesizer))
    defer { delete_fluid_player(player) }
    let bytes = try MIDIFile.bytes(of: score)
    fluid_player_add_mem(player, bytes, bytes.count)
    fluid_player_play(player)
    var samples = [Float](repeating: 0, count: 2 * frames)
    for block in 0..<frames / 64 {
      let start = Int32(128 * block)
      samples.withUnsafeMutableBufferPointer { buffer in
        _ = fluid_synth_write_float(
          synthesizer, 64, buffer.baseAddress, start, 2, buffer.baseAddress, start + 1, 2)
      }
    }
    return Sound(samples: stride(from: 0, to: samples.count, by: 2).map { samples[$0] }, rate: 48_000)
  }

  /// A piece with every kind of message, at times that are multiples of both 1 ms and a block.
  private var aligned: Score {
    var notes: [Note] = []
    for step in 0..<24 {
      let start = Int64(step) * 120
      let channel = UInt8([0, 1, 9][step % 3])
      let pitch = channel == 9 ? UInt8(36 + step % 12) : UInt8(48 + step)
      notes.append(note(pitch, start..<start + 400, velocity: UInt8(50 + 3 * step), channel: channel))
    }
    let controls = [
      control(0, .program(Program(masking: 40)), channel: 1), control(0, .controller(.pan, 30), channel: 1),
      control(480, .controller(.sustain, 127)), control(960, .pitchBend(2000), channel: 1),
      control(1200, .controller(.sustain, 0)), control(1440, .controller(.expression, 70)),
      control(1800, .channelPressure(90), channel: 1), control(2040, .controller(.modulation, 80)),
    ]
    return score(notes, controls: controls)
  }

  /// The player renders a block before its first message, so that all its sound is a block later. Effects are modulated
  /// over time and therefore differ.
  @Test(arguments: TestSoundFonts.all, [true, false])
  func sameSoundWhereBlocksAlign(soundFont: String, isDry: Bool) throws {
    let configuration = isDry ? dry : SynthesizerConfiguration()
    let ours = try listen(aligned, soundFont: soundFont, configuration: configuration).samples
    let theirs = try reference(
      aligned, soundFont: soundFont, configuration: configuration, frames: 64 * (ours.count / 64 + 1)
    ).samples[64...]
    let error = Sound(samples: zip(ours, theirs).map { $0 - $1 }, rate: 48_000).rms
    #expect(decibels(error / Sound(samples: ours, rate: 48_000).rms) < (isDry ? -80 : -40))
  }

  @Test(arguments: TestSoundFonts.all)
  func sameOnsetsAndLevels(soundFont: String) throws {
    let times: [Int64] = [17, 1003, 2111, 3333, 4507]
    let piece = score(times.map { note(76, $0..<$0 + 200, velocity: 110) })
    let ours = try listen(piece, soundFont: soundFont, configuration: .init())
    let theirs = try reference(piece, soundFont: soundFont, configuration: .init(), frames: ours.samples.count)
    let threshold = theirs.peak / 10
    for time in times {
      let from = Int(time) * 48 - 480
      let onsets = try [ours, theirs].map { try #require($0.onset(over: threshold, from: from)) }
      #expect(abs(onsets[0] - onsets[1]) <= 64, "\(time) ms: \(onsets)")
      let span = Double(time) / 1000..<Double(time + 250) / 1000
      #expect(abs(decibels(ours.part(span).rms / theirs.part(span).rms)) < 0.5)
    }
  }
}
