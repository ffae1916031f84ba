/// A number with a fixed number of decimals.
///
/// Foundation's formatters do the same, but loading their data takes longer than most commands of `aurl` run.
package func decimal(_ value: Double, _ places: Int) -> String {
  guard value.isFinite, value.magnitude < 1e12 else { return "\(value)" }
  var scale = 1
  for _ in 0..<places { scale *= 10 }
  let scaled = Int((value.magnitude * Double(scale)).rounded())
  let fraction = String(scaled % scale)
  let zeros = String(repeating: "0", count: max(0, places - fraction.count))
  return "\(value < 0 && scaled > 0 ? "-" : "")\(scaled / scale)\(places > 0 ? ".\(zeros)\(fraction)" : "")"
}

/// A number rounded to a number of decimals.
package func rounded(_ value: Double, places: Int) -> Double {
  var scale = 1.0
  for _ in 0..<places { scale *= 10 }
  return (value * scale).rounded() / scale
}

/// A number rounded to thousandths, as in most reports.
package func rounded(_ value: Double) -> Double { rounded(value, places: 3) }

/// An integer with a thin space between thousands.
package func grouped(_ value: Int) -> String {
  var text = String(value)
  var index = text.endIndex
  while text.distance(from: text.startIndex, to: index) > 3 {
    index = text.index(index, offsetBy: -3)
    text.insert("\u{202F}", at: index)
  }
  return text
}

extension Int {
  /// This number of something, such as `1 note` or `2 notes`.
  package func counted(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}

/// A duration as `52 s`, `4:05 min` or `3:20 h`.
///
/// - Parameter seconds: rounded to the nearest second; negative durations are shown as 0 s, those that are not finite
///   as `?`.
package func durationText(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds < 1e9 else { return "?" }
  let whole = Int(max(0, seconds).rounded())
  func pair(_ first: Int, _ second: Int, _ unit: String) -> String {
    "\(first):\(second < 10 ? "0" : "")\(second) \(unit)"
  }
  if whole < 60 { return "\(whole) s" }
  return whole < 3600 ? pair(whole / 60, whole % 60, "min") : pair(whole / 3600, whole / 60 % 60, "h")
}
