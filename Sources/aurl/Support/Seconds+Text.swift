import MusicCore
import Text

extension Seconds {
  /// The number with a fixed count of decimals.
  func text(decimals: Int) -> String { decimal(rawValue, decimals) }

  /// Minutes and seconds as a player shows them: `1:02`.
  var clockText: String {
    let seconds = Int(max(0, rawValue))
    return "\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)"
  }
}
