internal import CFluidSynth
internal import Glibc

/// FluidSynth's functions, loaded when first needed: the library depends on some sixty others, which would double the
/// start-up time of every command if it were linked.
final class FluidLibrary: Sendable {
  /// - Throws: `.synthesizer` if FluidSynth is not installed, or too old.
  static func shared() throws(SynthesisError) -> FluidLibrary {
    try loaded.get()
  }

  private static let loaded = Result { () throws(SynthesisError) in try FluidLibrary() }

  let newSettings: new_fluid_settings_function
  let deleteSettings: delete_fluid_settings_function
  let setInteger: fluid_settings_setint_function
  let setNumber: fluid_settings_setnum_function
  let setString: fluid_settings_setstr_function
  let newSynthesizer: new_fluid_synth_function
  let deleteSynthesizer: delete_fluid_synth_function
  let newAudioDriver: new_fluid_audio_driver_function
  let deleteAudioDriver: delete_fluid_audio_driver_function
  let loadSoundFont: fluid_synth_sfload_function
  let setBankOffset: fluid_synth_set_bank_offset_function
  let resetPrograms: fluid_synth_program_reset_function
  let setInterpolation: fluid_synth_set_interp_method_function
  let setChorusType: fluid_synth_set_chorus_group_type_function
  let setChannelType: fluid_synth_set_channel_type_function
  let setGain: fluid_synth_set_gain_function
  let reset: fluid_synth_system_reset_function
  let noteOn: fluid_synth_noteon_function
  let noteOff: fluid_synth_noteoff_function
  let controlChange: fluid_synth_cc_function
  let bankSelect: fluid_synth_bank_select_function
  let programChange: fluid_synth_program_change_function
  let pitchBend: fluid_synth_pitch_bend_function
  let pitchBendRange: fluid_synth_pitch_wheel_sens_function
  let channelPressure: fluid_synth_channel_pressure_function
  let keyPressure: fluid_synth_key_pressure_function
  let systemExclusive: fluid_synth_sysex_function
  let writeFloat: fluid_synth_write_float_function

  private init() throws(SynthesisError) {
    let symbols = try SharedLibrary(name: "libfluidsynth.so.3")
    newSettings = try symbols.find("new_fluid_settings")
    deleteSettings = try symbols.find("delete_fluid_settings")
    setInteger = try symbols.find("fluid_settings_setint")
    setNumber = try symbols.find("fluid_settings_setnum")
    setString = try symbols.find("fluid_settings_setstr")
    newSynthesizer = try symbols.find("new_fluid_synth")
    deleteSynthesizer = try symbols.find("delete_fluid_synth")
    newAudioDriver = try symbols.find("new_fluid_audio_driver")
    deleteAudioDriver = try symbols.find("delete_fluid_audio_driver")
    loadSoundFont = try symbols.find("fluid_synth_sfload")
    setBankOffset = try symbols.find("fluid_synth_set_bank_offset")
    resetPrograms = try symbols.find("fluid_synth_program_reset")
    setInterpolation = try symbols.find("fluid_synth_set_interp_method")
    setChorusType = try symbols.find("fluid_synth_set_chorus_group_type")
    setChannelType = try symbols.find("fluid_synth_set_channel_type")
    setGain = try symbols.find("fluid_synth_set_gain")
    reset = try symbols.find("fluid_synth_system_reset")
    noteOn = try symbols.find("fluid_synth_noteon")
    noteOff = try symbols.find("fluid_synth_noteoff")
    controlChange = try symbols.find("fluid_synth_cc")
    bankSelect = try symbols.find("fluid_synth_bank_select")
    programChange = try symbols.find("fluid_synth_program_change")
    pitchBend = try symbols.find("fluid_synth_pitch_bend")
    pitchBendRange = try symbols.find("fluid_synth_pitch_wheel_sens")
    channelPressure = try symbols.find("fluid_synth_channel_pressure")
    keyPressure = try symbols.find("fluid_synth_key_pressure")
    systemExclusive = try symbols.find("fluid_synth_sysex")
    writeFloat = try symbols.find("fluid_synth_write_float")
    FluidSynthLog.takeOver(try symbols.find("fluid_set_log_function"))
    FluidSynthLog.silenceGLib(in: symbols)
  }
}

/// A library loaded at run time and never unloaded.
struct SharedLibrary {
  private let handle: UnsafeMutableRawPointer

  init(name: String) throws(SynthesisError) {
    guard let handle = dlopen(name, RTLD_LAZY | RTLD_LOCAL) else {
      throw .synthesizer(reason: "\(name) is not installed (in Debian, the package libfluidsynth3 has it)")
    }
    self.handle = handle
  }

  /// The function of a name, in this library or its dependencies; nil if there is none.
  func address(of name: String) -> UnsafeMutableRawPointer? { dlsym(handle, name) }

  /// The function of a name, with its type from the header.
  func find<Function>(_ name: String) throws(SynthesisError) -> Function {
    guard let address = address(of: name) else { throw .synthesizer(reason: "it is too old: it has no \(name)") }
    return unsafeBitCast(address, to: Function.self)
  }
}
