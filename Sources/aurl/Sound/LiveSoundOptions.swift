import ArgumentParser
import MusicCore
import Synthesis
import Terminal

/// The options of commands that play on a sound device.
struct LiveSoundOptions: ParsableArguments {
  @Option(help: "The soundfont: a file, or the name of one that `aurl soundfonts` lists.", completion: .soundFont)
  var soundfont: String?

  @Option(
    help: ArgumentHelp(
      "The audio driver, such as alsa, pulseaudio, pipewire or jack, optionally with a device: alsa:hw:1. Default: FluidSynth's choice.",
      valueName: "driver"))
  var audio: AudioArgument?

  @Option(help: "Gain as a factor, up to 10.")
  var gain: Float = SynthesizerConfiguration().gain

  func validate() throws {
    guard gain > 0, gain <= 10 else { throw ValidationError("--gain takes a number over 0, up to 10, not \(gain).") }
  }

  /// Whether any of them is given.
  var isUsed: Bool { soundfont != nil || audio != nil || gain != SynthesizerConfiguration().gain }

  /// Starts a synthesizer.
  ///
  /// - Throws: `Failure` if there is no soundfont or no sound device.
  func synthesizer() throws(Failure) -> LiveSynthesizer {
    do throws(SynthesisError) {
      var configuration = SynthesizerConfiguration()
      configuration.gain = gain
      return try LiveSynthesizer(
        soundFont: SoundFontCatalog.standard.choose(named: soundfont).path, configuration: configuration,
        device: audio?.device ?? LiveSynthesizer.Device())
    } catch { throw Failure(error, subject: "soundfont") }
  }
}

/// An audio driver of FluidSynth, optionally with a device after a colon.
struct AudioArgument: ExpressibleByArgument {
  var device: LiveSynthesizer.Device

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let driver = parts.first, !driver.isEmpty, parts.last?.isEmpty == false else { return nil }
    device = LiveSynthesizer.Device(driver: driver, name: parts.count > 1 ? parts[1] : nil)
  }
}
