import MusicCore
import Text

extension Seconds {
  /// The number with a fixed number of decimals.
  func text(decimals: Int) -> String { decimal(rawValue, decimals) }

  /// Minutes and seconds, as in a media player: `1:02`.
  var clockText: String {
    let seconds = Int(max(0, rawValue))
    return "\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)"
  }
}
