import AnalysisReport
import Inference
import ModelFormat
import MusicCore
import MusicFeatures
import MusicTokens
import Text

/// The critic's scores of a file, as `critique --json` prints them.
struct CritiqueDocument: Encodable, Sendable {
  static let schema = "aurl-critique/1"

  var schema = Self.schema
  var file: String
  var seconds: Double
  var realism: Realism
  var windows: [RealismWindow]

  /// The probability that the music is real, 0…1; nil if there is too little music.
  struct Realism: Encodable, Sendable {
    var local: Double?
    var phrase: Double?
    var global: Double?
    var combined: Double?
  }

  /// A window with a lower probability is an outlier.
  static let fallenOut = 0.25

  init(file: String, tokens: [Token], critic: Critic) {
    self.file = file
    let ids = tokens.map(\.rawValue)
    let times = Self.times(of: tokens)
    seconds = times[times.count - 1]
    // A stream without notes is not scored.
    let heard = ids.contains { Token.noteOns.contains($0) } ? critic.critique(ids) : nil
    realism = Realism(
      local: heard?.realism.local.map(rounded), phrase: heard?.realism.phrase.map(rounded),
      global: heard?.realism.global.map(rounded), combined: heard?.combined.map(rounded))
    windows = (heard?.windows ?? []).map { window in
      let hasFallenOut = window.realism < Self.fallenOut
      return RealismWindow(
        startSeconds: times[window.tokens.lowerBound], endSeconds: times[window.tokens.upperBound],
        scale: window.scale.rawValue, realism: rounded(window.realism),
        reasons: hasFallenOut ? critic.reasons(against: window, in: ids).map(\.rawValue) : [])
    }
  }

  /// The time of each token, and of the end, in seconds.
  private static func times(of tokens: [Token]) -> [Double] {
    var tick = 0
    var times = [0.0]
    for token in tokens {
      tick += token.ticks
      times.append(TokenTime(rawValue: tick).seconds.rawValue)
    }
    return times
  }
}
