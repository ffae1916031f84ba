internal import CFluidSynth
internal import Glibc

/// FluidSynth's synthesiser and the settings it was made of, freed in this order.
struct FluidInstance: ~Copyable {
  let handle: OpaquePointer
  let settings: FluidSettings
  var library: FluidLibrary { settings.library }

  init(_ settings: consuming FluidSettings) throws(SynthesisError) {
    let (library, settingsHandle) = (settings.library, settings.handle)
    let (handle, reason) = FluidSynthLog.collecting { library.newSynthesizer(settingsHandle) }
    guard let handle else { throw .synthesizer(reason: reason ?? "no synthesiser") }
    self.handle = handle
    self.settings = settings
  }

  /// Loads a soundfont, which the synthesiser owns from then on.
  func load(soundFont path: String) throws(SynthesisError) {
    guard access(path, R_OK) == 0 else {
      throw .soundFontMissing(path: path, reason: String(cString: strerror(errno)).lowercased())
    }
    let (library, handle) = (library, handle)
    let (identifier, reason) = FluidSynthLog.collecting { library.loadSoundFont(handle, path, 1) }
    guard identifier != FLUID_FAILED else {
      throw .soundFontBroken(path: path, reason: reason ?? "FluidSynth cannot read it")
    }
  }

  deinit { library.deleteSynthesizer(handle) }
}
