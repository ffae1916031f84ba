internal import CFluidSynth
public import MusicCore

/// A FluidSynth synthesiser with a soundfont.
public struct Synthesizer: ~Copyable {
  /// Messages take effect at the next multiple of this many frames.
  public static let blockFrames = 64

  public let configuration: SynthesizerConfiguration
  let instance: FluidInstance
  private var handle: OpaquePointer { instance.handle }
  private var library: FluidLibrary { instance.library }

  /// - Throws: `SynthesisError` where the soundfont is missing or broken.
  public init(soundFont path: String, configuration: SynthesizerConfiguration) throws(SynthesisError) {
    try self.init(soundFont: path, configuration: configuration, isRealTime: false)
  }

  init(
    soundFont path: String, configuration: SynthesizerConfiguration, isRealTime: Bool
  ) throws(SynthesisError) {
    let instance = try FluidInstance(FluidSettings(configuration, isRealTime: isRealTime))
    // A function where everything else of the effects is a setting.
    _ = instance.library.setChorusType(instance.handle, -1, Int32(FLUID_CHORUS_MOD_SINE.rawValue))
    try instance.load(soundFont: path)
    self.instance = instance
    self.configuration = configuration
    prepareChannels()
  }

  /// Gives channels what a reset takes from them. FluidSynth makes channel 10 of the first port alone one for drums.
  private func prepareChannels() {
    _ = library.setInterpolation(handle, -1, Int32(configuration.interpolation.rawValue))
    for port in 1..<16 where port < configuration.ports {
      let channel = Int32(16 * port) + Int32(Channel.drums.rawValue)
      _ = library.setChannelType(handle, channel, Int32(CHANNEL_TYPE_DRUM.rawValue))
      _ = library.programChange(handle, channel, 0)
    }
  }

  /// Sends a message to a channel of a port; ports that the configuration does not have are passed over.
  public func send(_ message: ChannelMessage, port: Int = 0) {
    guard port < configuration.ports else { return }
    let channel = Int32(16 * port) + Int32(message.channel.rawValue)
    switch message.kind {
    case .noteOn(let pitch, let velocity):
      _ = library.noteOn(handle, channel, Int32(pitch.rawValue), Int32(velocity.rawValue))
    case .noteOff(let pitch, _):
      _ = library.noteOff(handle, channel, Int32(pitch.rawValue))
    case .control(.controller(let controller, let value)):
      _ = library.controlChange(handle, channel, Int32(controller.rawValue), Int32(value))
    case .control(.program(let program)):
      _ = library.programChange(handle, channel, Int32(program.rawValue))
    case .control(.pitchBend(let bend)):
      _ = library.pitchBend(handle, channel, Int32(bend) + 8192)
    case .control(.channelPressure(let value)):
      _ = library.channelPressure(handle, channel, Int32(value))
    case .control(.keyPressure(let pitch, let value)):
      _ = library.keyPressure(handle, channel, Int32(pitch.rawValue), Int32(value))
    }
  }

  /// Sends a system exclusive message, without F0 and F7, to all channels.
  public func send(systemExclusive bytes: [UInt8]) {
    if let volume = MasterVolume(systemExclusive: bytes) {
      library.setGain(handle, configuration.gain * volume.factor)
    } else if isReset(systemExclusive: bytes) {
      reset()
    } else {
      bytes.withUnsafeBytes { bytes in
        _ = library.systemExclusive(
          handle, bytes.bindMemory(to: CChar.self).baseAddress, Int32(clamping: bytes.count), nil, nil, nil, 0)
      }
    }
  }

  /// Ends all sound and puts every channel into the state it began in.
  public func reset() {
    _ = library.reset(handle)
    library.setGain(handle, configuration.gain)
    prepareChannels()
  }

  /// Makes the next sound.
  ///
  /// - Parameters:
  ///   - samples: interleaved, two channels.
  ///   - frames: the part of it to fill, counted in frames.
  public func render(into samples: inout [Float], frames: Range<Int>) {
    precondition(frames.lowerBound >= 0 && 2 * frames.upperBound <= samples.count, "the frames are in the buffer")
    samples.withUnsafeMutableBufferPointer { buffer in
      let (left, right) = (Int32(2 * frames.lowerBound), Int32(2 * frames.lowerBound + 1))
      _ = library.writeFloat(
        handle, Int32(frames.count), buffer.baseAddress, left, 2, buffer.baseAddress, right, 2)
    }
  }
}
