internal import CFluidSynth
internal import Files
internal import Glibc

/// FluidSynth's synthesizer and the settings that it was created with, freed in this order.
struct FluidInstance: ~Copyable {
  let handle: OpaquePointer
  let settings: FluidSettings
  var library: FluidLibrary { settings.library }

  init(_ settings: consuming FluidSettings) throws(SynthesisError) {
    let (library, settingsHandle) = (settings.library, settings.handle)
    let (handle, reason) = FluidSynthLog.collecting { library.newSynthesizer(settingsHandle) }
    guard let handle else { throw .synthesizer(reason: reason ?? "no synthesizer") }
    self.handle = handle
    self.settings = settings
  }

  /// Loads a soundfont, which the synthesizer then owns. Its sounds take precedence over those of earlier ones.
  func load(soundFont path: String, bankOffset: Int = 0) throws(SynthesisError) {
    guard FileSystem.isReadable(path) else {
      throw .soundFontMissing(path: path, reason: String(cString: strerror(errno)).lowercased())
    }
    let (library, handle) = (library, handle)
    let (identifier, reason) = FluidSynthLog.collecting { path.withPath { library.loadSoundFont(handle, $0, 1) } }
    guard identifier != FLUID_FAILED else {
      throw .soundFontBroken(path: path, reason: reason ?? "FluidSynth cannot read it")
    }
    guard bankOffset != 0 else { return }
    _ = library.setBankOffset(handle, identifier, Int32(bankOffset))
    // Channels still have the sounds of the earlier soundfonts.
    _ = library.resetPrograms(handle)
  }

  deinit {
    let (library, handle) = (library, handle)
    _ = FluidSynthLog.collecting { library.deleteSynthesizer(handle) }
  }
}
