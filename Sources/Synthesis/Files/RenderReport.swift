internal import Audio
internal import Glibc
internal import Text

/// The result of a rendering, as `aurl render --json` prints it.
package struct RenderReport: Encodable, Sendable {
  package private(set) var schema = "aurl-render/1"
  package private(set) var file: String
  package private(set) var output: String
  package private(set) var seconds: Double
  /// The peak level in dBFS; nil for silence.
  package private(set) var peakDBFS: Double?
  package private(set) var clippedSamples: Int
  package private(set) var soundfont: String

  init(file: String, output: String, frames: Int, rate: Int, level: PeakMeter, soundFont: String) {
    self.file = file
    self.output = output
    seconds = Double(frames) / Double(rate)
    peakDBFS = level.decibels.map { rounded($0, places: 2) }
    clippedSamples = level.clippedSamples
    soundfont = soundFont
  }

  /// One line about the rendering.
  package var summary: String {
    let peak = peakDBFS.map { "peak \($0) dBFS" } ?? "silent"
    return "\(output): \(rounded(seconds, places: 1)) s, \(peak)"
  }

  /// A warning about clipping, or nil.
  ///
  /// - Parameter gain: the gain of the rendering.
  package func warning(gain: Float) -> String? {
    guard clippedSamples > 0, let peakDBFS else { return nil }
    let fitting = (Double(gain) / pow(10, peakDBFS / 20) * 100).rounded(.down) / 100
    return "\(output): \(clippedSamples) samples are over full scale, the highest by \(peakDBFS) dB; "
      + "use --normalize or --gain \(fitting)"
  }
}
