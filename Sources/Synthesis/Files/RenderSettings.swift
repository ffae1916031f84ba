package import Audio
package import MusicCore

/// Settings of rendering scores to audio files.
package struct RenderSettings: Sendable {
  package var soundFont: SoundFont
  package var synthesizer = SynthesizerConfiguration()
  package var ending = Ending.silence
  /// The time in the score at which to begin.
  package var start = Seconds.zero
  package var sample = AudioFormat.Sample.int16
  /// The sample rate in Hz.
  package var rate = 48_000
  /// Whether to normalize the true peak to `normalPeak`.
  package var isNormalized = false
  /// The folder for temporary files if the output is a stream; otherwise they are in the folder of the output.
  package var temporaryFolder = "/var/tmp"

  /// The true peak after normalization: −1 dB, the maximum of EBU R 128.
  package static let normalPeak: Float = 0.891_251

  package init(soundFont: SoundFont) { self.soundFont = soundFont }

  /// The same settings, adapted to a number of synthesizers that run at once.
  ///
  /// Only a single synthesizer loads samples on demand: with several, FluidSynth 2.3.1 can crash.
  package func forJobs(_ jobs: Int) -> RenderSettings {
    var settings = self
    settings.synthesizer.loadsSamplesOnDemand = jobs == 1
    return settings
  }
}
