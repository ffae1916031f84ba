import MusicCore

/// A number with a fixed count of decimals.
func decimal(_ value: Double, _ places: Int) -> String {
  guard value.isFinite, value.magnitude < 1e12 else { return "\(value)" }
  var scale = 1
  for _ in 0..<places { scale *= 10 }
  let scaled = Int((value.magnitude * Double(scale)).rounded())
  let fraction = String(scaled % scale)
  let zeros = String(repeating: "0", count: max(0, places - fraction.count))
  return "\(value < 0 && scaled > 0 ? "-" : "")\(scaled / scale)\(places > 0 ? ".\(zeros)\(fraction)" : "")"
}

extension Seconds {
  /// The number with a fixed count of decimals.
  func text(decimals: Int) -> String { decimal(rawValue, decimals) }

  /// Minutes and seconds as a player shows them: `1:02`.
  var clockText: String {
    let seconds = Int(max(0, rawValue))
    return "\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)"
  }
}

extension String {
  /// With spaces after it up to a width.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

  /// With spaces before it up to a width.
  func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
