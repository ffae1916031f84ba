/// FluidSynth's table of settings by name.
struct FluidSettings: ~Copyable {
  let library: FluidLibrary
  let handle: OpaquePointer

  /// - Throws: `.synthesizer` if FluidSynth is not installed.
  init() throws(SynthesisError) {
    let library = try FluidLibrary.shared()
    guard let handle = library.newSettings() else { throw .synthesizer(reason: "no settings") }
    (self.library, self.handle) = (library, handle)
  }

  /// The settings of a synthesizer.
  ///
  /// - Parameter isRealTime: whether it plays on a sound device while other threads send messages.
  init(_ configuration: SynthesizerConfiguration, isRealTime: Bool) throws(SynthesisError) {
    try self.init()
    set("synth.sample-rate", configuration.rate)
    set("synth.gain", Double(configuration.gain))
    set("synth.polyphony", configuration.polyphony)
    set("synth.midi-channels", 16 * configuration.ports)
    set("synth.midi-bank-select", configuration.bankSelection.rawValue)
    set("synth.min-note-length", 10)
    set("synth.cpu-cores", 1)
    set("synth.threadsafe-api", isRealTime ? 1 : 0)
    // Paging samples in from disk would interrupt live playing; offline it only takes time.
    set("synth.lock-memory", isRealTime ? 1 : 0)
    set("synth.dynamic-sample-loading", configuration.loadsSamplesOnDemand && !isRealTime ? 1 : 0)
    set("synth.reverb.active", configuration.reverb == nil ? 0 : 1)
    if let reverb = configuration.reverb {
      set("synth.reverb.room-size", reverb.roomSize)
      set("synth.reverb.damp", reverb.damping)
      set("synth.reverb.width", reverb.width)
      set("synth.reverb.level", reverb.level)
    }
    set("synth.chorus.active", configuration.chorus == nil ? 0 : 1)
    if let chorus = configuration.chorus {
      set("synth.chorus.nr", chorus.voices)
      set("synth.chorus.level", chorus.level)
      set("synth.chorus.speed", chorus.speed)
      set("synth.chorus.depth", chorus.depth)
    }
  }

  func set(_ name: String, _ value: Double) { _ = library.setNumber(handle, name, value) }
  func set(_ name: String, _ value: Int) { _ = library.setInteger(handle, name, Int32(clamping: value)) }
  func set(_ name: String, _ value: String) { _ = library.setString(handle, name, value) }

  deinit { library.deleteSettings(handle) }
}
