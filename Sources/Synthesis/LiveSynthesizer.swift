internal import Glibc
public import MusicCore

/// A synthesizer that plays on a sound device from its creation on.
///
/// Messages sound at once, from any thread.
public final class LiveSynthesizer: @unchecked Sendable {
  // Safe to share: nothing here changes, and FluidSynth's functions lock (`synth.threadsafe-api`).
  private let synthesizer: Synthesizer
  private let driver: OpaquePointer

  /// Where and how sound is played.
  public struct Device: Codable, Hashable, Sendable {
    /// A driver of FluidSynth such as `alsa`, `pulseaudio`, `pipewire` or `jack`; nil for FluidSynth's choice.
    public var driver: String?
    /// The driver's name of the device, such as `hw:0`; nil for its default device.
    public var name: String?
    /// The number of frames per period, 64…8192.
    public var periodFrames = 64
    /// The number of buffered periods, 2…64, which with their length determine the latency.
    public var periods = 8

    /// Creates a reference to a device.
    public init(driver: String? = nil, name: String? = nil) { (self.driver, self.name) = (driver, name) }
  }

  /// - Throws: `SynthesisError` if the soundfont is missing or broken, or there is no sound device.
  public init(
    soundFont: String, configuration: SynthesizerConfiguration = .init(), device: Device = .init()
  ) throws(SynthesisError) {
    let synthesizer = try Synthesizer(soundFont: soundFont, configuration: configuration, isRealTime: true)
    synthesizer.instance.settings.set(device)
    let (library, settings, handle) = (
      synthesizer.instance.library, synthesizer.instance.settings.handle, synthesizer.instance.handle
    )
    let (driver, reason) = FluidSynthLog.collecting {
      silencingStandardError { library.newAudioDriver(settings, handle) }
    }
    guard let driver else { throw .noSoundDevice(reason: reason ?? "none answers") }
    self.driver = driver
    self.synthesizer = synthesizer
  }

  /// Sends a message to a channel.
  public func send(_ message: ChannelMessage, port: Int = 0) {
    synthesizer.send(message, port: port)
  }

  /// Sends a system exclusive message, without F0 and F7.
  public func send(systemExclusive bytes: [UInt8], port: Int = 0) {
    synthesizer.send(systemExclusive: bytes, port: port)
  }

  /// Ends all sound and resets every channel to its initial state.
  public func reset() { synthesizer.reset() }

  deinit { synthesizer.instance.library.deleteAudioDriver(driver) }
}

extension FluidSettings {
  fileprivate func set(_ device: LiveSynthesizer.Device) {
    set("audio.period-size", device.periodFrames)
    set("audio.periods", device.periods)
    guard let driver = device.driver else { return }
    set("audio.driver", driver)
    if let name = device.name { set("audio.\(driver).device", name) }
  }
}

/// Runs `body` without the messages that sound libraries print to standard error when no device answers.
private func silencingStandardError<Result>(_ body: () -> Result) -> Result {
  let saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)
  let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
  guard saved >= 0, null >= 0 else { return body() }
  dup2(null, STDERR_FILENO)
  defer {
    dup2(saved, STDERR_FILENO)
    close(saved)
    close(null)
  }
  return body()
}
