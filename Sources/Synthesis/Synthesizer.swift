internal import CFluidSynth
internal import MusicCore
internal import Synchronization

/// A FluidSynth synthesizer with a soundfont.
public struct Synthesizer: ~Copyable {
  /// Messages take effect at the next multiple of this many frames.
  public static let blockFrames = 64

  /// The settings that it was created with.
  public let configuration: SynthesizerConfiguration
  let instance: FluidInstance
  /// A file that `instance` may read from during its lifetime.
  private let copy: SoundFontCopy?
  var handle: OpaquePointer { instance.handle }
  var library: FluidLibrary { instance.library }
  let instrument: Mutex<Instrument>

  /// - Parameter sounds: the soundfont embedded in the music file.
  /// - Throws: `SynthesisError` if a soundfont is missing or broken.
  public init(
    soundFont path: String, overlay sounds: SoundFontOverlay? = nil, configuration: SynthesizerConfiguration
  ) throws(SynthesisError) {
    try self.init(soundFont: path, overlay: sounds, configuration: configuration, isRealTime: false)
  }

  init(
    soundFont path: String, overlay sounds: SoundFontOverlay? = nil, configuration: SynthesizerConfiguration,
    isRealTime: Bool
  ) throws(SynthesisError) {
    let instance = try FluidInstance(FluidSettings(configuration, isRealTime: isRealTime))
    // The type of chorus is the only parameter of the effects that is not a setting.
    _ = instance.library.setChorusType(instance.handle, -1, Int32(FLUID_CHORUS_MOD_SINE.rawValue))
    try instance.load(soundFont: path)
    if let sounds {
      let copy = try SoundFontCopy(sounds.bytes)
      for offset in sounds.bankOffset.map({ [$0] }) ?? [1, 0] {
        try instance.load(soundFont: copy.path, bankOffset: offset)
      }
      self.copy = consume copy
    } else {
      copy = nil
    }
    self.instance = instance
    self.configuration = configuration
    instrument = Mutex(Instrument(ports: configuration.ports))
    prepareChannels()
  }

  /// Restores what a reset of FluidSynth changes. FluidSynth makes only channel 10 of the first port a drum channel.
  private func prepareChannels() {
    _ = library.setInterpolation(handle, -1, Int32(configuration.interpolation.rawValue))
    for port in 1..<16 where port < configuration.ports {
      let channel = Int32(16 * port) + Int32(Channel.drums.rawValue)
      _ = library.setChannelType(handle, channel, Int32(CHANNEL_TYPE_DRUM.rawValue))
      _ = library.programChange(handle, channel, 0)
    }
  }

  /// Ends all sound and resets every channel to its initial state.
  public func reset() {
    _ = library.reset(handle)
    library.setGain(handle, configuration.gain)
    instrument.withLock { $0 = Instrument(ports: configuration.ports) }
    prepareChannels()
  }

  /// Calls `body` with FluidSynth's synthesizer, which must not be modified.
  package func withFluidSynth<Result>(_ body: (OpaquePointer) throws -> Result) rethrows -> Result {
    try body(handle)
  }

  /// Renders the next frames.
  ///
  /// - Parameters:
  ///   - samples: interleaved, two channels.
  ///   - frames: the range of `samples` to fill, in frames.
  public func render(into samples: inout [Float], frames: Range<Int>) {
    precondition(frames.lowerBound >= 0 && 2 * frames.upperBound <= samples.count, "the frames must be in the buffer")
    samples.withUnsafeMutableBufferPointer { buffer in
      let (left, right) = (Int32(2 * frames.lowerBound), Int32(2 * frames.lowerBound + 1))
      _ = library.writeFloat(
        handle, Int32(frames.count), buffer.baseAddress, left, 2, buffer.baseAddress, right, 2)
    }
  }
}
