internal import CFluidSynth
internal import Glibc

/// FluidSynth's synthesiser and the settings it was made of, freed in this order.
struct FluidInstance: ~Copyable {
  let handle: OpaquePointer
  let settings: FluidSettings

  init(_ settings: consuming FluidSettings) throws(SynthesisError) {
    let settingsHandle = settings.handle
    let (handle, reason) = FluidSynthLog.collecting { new_fluid_synth(settingsHandle) }
    guard let handle else { throw .synthesizer(reason: reason ?? "no synthesiser") }
    self.handle = handle
    self.settings = settings
  }

  /// Loads a soundfont, which the synthesiser owns from then on.
  func load(soundFont path: String) throws(SynthesisError) {
    guard access(path, R_OK) == 0 else {
      throw .soundFontMissing(path: path, reason: String(cString: strerror(errno)).lowercased())
    }
    let handle = handle
    let (identifier, reason) = FluidSynthLog.collecting { fluid_synth_sfload(handle, path, 1) }
    guard identifier != FLUID_FAILED else {
      throw .soundFontBroken(path: path, reason: reason ?? "FluidSynth cannot read it")
    }
  }

  deinit { delete_fluid_synth(handle) }
}
