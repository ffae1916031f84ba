import Audio
import Glibc

/// What came of a rendering, as `render --json` prints it.
struct RenderReport: Encodable, Sendable {
  var schema = "aurl-render/1"
  var file: String
  var output: String
  var seconds: Double
  /// Absent where all is silent.
  var peakDBFS: Double?
  var clippedSamples: Int
  var soundfont: String

  init(file: String, output: String, frames: Int, rate: Int, level: PeakMeter, soundFont: String) {
    self.file = file
    self.output = output
    seconds = Double(frames) / Double(rate)
    peakDBFS = level.decibels.map { ($0 * 100).rounded() / 100 }
    clippedSamples = level.clippedSamples
    soundfont = soundFont
  }

  /// What the user reads of a rendering.
  var summary: String {
    let peak = peakDBFS.map { "peak \($0) dBFS" } ?? "silent"
    return "\(output): \((seconds * 10).rounded() / 10) s, \(peak)"
  }

  /// What the user must know of the level, or nil.
  ///
  /// - Parameter gain: what was rendered with.
  func warning(gain: Float) -> String? {
    guard clippedSamples > 0, let peakDBFS else { return nil }
    let fitting = (Double(gain) / pow(10, peakDBFS / 20) * 100).rounded(.down) / 100
    return "\(output): \(clippedSamples) samples are over full scale, the highest by \(peakDBFS) dB; "
      + "use --normalize or --gain \(fitting)"
  }
}
