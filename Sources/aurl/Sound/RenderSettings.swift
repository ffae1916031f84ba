import Audio
import MusicCore
import Synthesis

/// How scores are rendered, for all files of one command.
struct RenderSettings: Sendable {
  var soundFont: SoundFont
  var synthesizer = SynthesizerConfiguration()
  var ending = Ending.silence
  /// Where in the score to begin.
  var start = Seconds.zero
  var sample = AudioFormat.Sample.int16
  /// Frames a second.
  var rate = 48_000
  var isNormalized = false

  /// The true peak that normalizing aims at: −1 dB (EBU R 128 allows no more).
  static let normalPeak: Float = 0.891_251

  /// The same settings, as they are best for so many synthesizers at once.
  func forJobs(_ jobs: Int) -> RenderSettings {
    var settings = self
    settings.synthesizer.loadsSamplesOnDemand = jobs == 1
    return settings
  }
}
