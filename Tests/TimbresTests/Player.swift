import CFluidSynth
import Synthesis

/// FluidSynth with the shipped soundfont and without effects.
final class Player {
  static let rate = 44_100.0
  /// FluidSynth's messages on loading the soundfont.
  let complaints: [String]

  private let settings: OpaquePointer
  private let synth: OpaquePointer

  /// - Parameter gain: The gain of FluidSynth. At the default value nothing may clip.
  init(gain: Double = 0.6) throws {
    try FluidSynthLog.prepare()
    guard let settings = new_fluid_settings() else { throw Failure() }
    fluid_settings_setnum(settings, "synth.gain", gain)
    fluid_settings_setnum(settings, "synth.sample-rate", Self.rate)
    fluid_settings_setint(settings, "synth.reverb.active", 0)
    fluid_settings_setint(settings, "synth.chorus.active", 0)
    fluid_settings_setint(settings, "synth.lock-memory", 0)
    let (synth, complaints) = FluidSynthLog.collectingComplaints { () -> OpaquePointer? in
      let synth = new_fluid_synth(settings)
      return synth != nil && fluid_synth_sfload(synth, Shipped.path, 1) >= 0 ? synth : nil
    }
    guard let synth else { throw Failure() }
    self.complaints = complaints
    self.settings = settings
    self.synth = synth
  }

  struct Failure: Error {}

  deinit {
    let synth = synth
    _ = FluidSynthLog.collectingComplaints { delete_fluid_synth(synth) }
    delete_fluid_settings(settings)
  }

  /// Selects a program; bank 128 makes the channel a drum channel.
  func select(program: Int, bank: Int = 0) {
    let type = bank == 128 ? CHANNEL_TYPE_DRUM : CHANNEL_TYPE_MELODIC
    fluid_synth_set_channel_type(synth, 0, Int32(type.rawValue))
    fluid_synth_bank_select(synth, 0, Int32(bank))
    fluid_synth_program_change(synth, 0, Int32(program))
  }

  func strike(_ key: Int, velocity: Int = 100) { fluid_synth_noteon(synth, 0, Int32(key), Int32(velocity)) }

  func release(_ key: Int) { fluid_synth_noteoff(synth, 0, Int32(key)) }

  func silence() {
    fluid_synth_all_sounds_off(synth, 0)
    _ = render(0.02)
  }

  /// Renders the next `seconds`, with both channels added and scaled by √½.
  func render(_ seconds: Double) -> [Double] {
    let (left, right) = renderStereo(seconds)
    return zip(left, right).map { (Double($0) + Double($1)) * 0.707_106_781_186_547_6 }
  }

  func renderStereo(_ seconds: Double) -> (left: [Float], right: [Float]) {
    let count = Int(seconds * Self.rate)
    var (left, right) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
    fluid_synth_write_float(synth, Int32(count), &left, 0, 1, &right, 0, 1)
    return (left, right)
  }

  /// Renders a note, held for `seconds`, that starts in silence.
  func note(_ key: Int, velocity: Int = 100, seconds: Double) -> [Double] {
    silence()
    strike(key, velocity: velocity)
    defer { release(key) }
    return render(seconds)
  }
}
