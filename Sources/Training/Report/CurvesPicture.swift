internal import Pages
internal import Text

/// The curves of a run as an SVG picture: loss and KL, with colors for light and dark mode.
package struct CurvesPicture {
  private let data: CurveData

  private static let width = 960.0
  private static let height = 360.0

  package init(title: String, lines: [MetricsLine]) {
    data = CurveData(title: title, subtitle: "", lines: lines)
  }

  /// The picture, encoded in UTF-8.
  package func bytes() -> [UInt8] {
    let levels = ["global", "phrase", "local"]
    let hasLatents = data.training.values["kl.global"] != nil
    var loss = Panel(title: "Loss, nats/token", left: 0, width: hasLatents ? Self.width / 2 : Self.width)
    loss.note = "thin: training"
    if hasLatents { loss.add("", "s0 faint", data.training, "boundNatsPerToken") }
    loss.add("", "s1 faint", data.training, "natsPerToken")
    if hasLatents { loss.add("bound, held out", "s0 held", data.validation, "boundNatsPerToken") }
    loss.add("reconstruction", "s1 held", data.validation, "natsPerToken")
    var panels = [loss]
    if hasLatents {
      var kl = Panel(title: "KL, nats/window", left: Self.width / 2, width: Self.width / 2)
      kl.isFromZero = true
      kl.note = "dashed: held out"
      for (index, level) in levels.enumerated() {
        kl.add(level, "s\(index)", data.training, "kl.\(level)")
        kl.add("", "s\(index) dashed", data.validation, "kl.\(level)")
      }
      panels.append(kl)
    }
    let last = Double(max(1, data.total.step))
    let drawn = panels.map { $0.svg(height: Self.height, steps: last) }.joined()
    return Array(
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img" \
      aria-label="\(Page.escaped(data.title))"><style>\(Self.style)</style>
      <rect width="100%" height="100%" class="paper"/>
      \(drawn)</svg>

      """.utf8)
  }

  private static let style = """
    text{font:12px system-ui,"DejaVu Sans",sans-serif;fill:#6b6775}.title{font-size:14px;font-weight:600;fill:#211f29}\
    .paper{fill:#fffefb}path{fill:none;stroke-width:1.7;stroke-linejoin:round}.grid{stroke:#e2ded4;stroke-width:1}\
    .held{stroke-width:2.4}.faint{stroke-width:1.1;opacity:.6}.dashed{stroke-dasharray:5 4}\
    .s0{stroke:#3f72d8}.s1{stroke:#e0812a}.s2{stroke:#1f9a8c}\
    @media(prefers-color-scheme:dark){text{fill:#9d98ab}.title{fill:#ece9f2}.paper{fill:#1b1a23}.grid{stroke:#2d2b38}\
    .s0{stroke:#6f9dff}.s1{stroke:#ffab5c}.s2{stroke:#4cc9b8}}
    """
}

/// One plot of the picture.
private struct Panel {
  var title: String
  var left: Double
  var width: Double
  var isFromZero = false
  /// A note in the legend after the names of the curves.
  var note = ""
  private var curves: [(label: String, style: String, points: [(x: Double, y: Double)])] = []

  init(title: String, left: Double, width: Double) {
    self.title = title
    self.left = left
    self.width = width
  }

  mutating func add(_ label: String, _ style: String, _ columns: CurveData.Columns, _ name: String) {
    let points = zip(columns.step, columns.values[name] ?? []).compactMap { step, value in
      value.map { (x: Double(step), y: $0) }
    }
    if !points.isEmpty { curves.append((label, style, points)) }
  }

  func svg(height: Double, steps: Double) -> String {
    let (inner, right) = (left + 52, left + width - 20)
    let (top, bottom) = (62.0, height - 44)
    let values = curves.flatMap { $0.points.map(\.y) }
    guard var low = values.min(), var high = values.max() else { return "" }
    if isFromZero { low = min(0, low) }
    if low == high {
      let margin = max(0.5, low.magnitude / 4)
      (low, high) = (low - margin, high + margin)
    }
    high += (high - low) * 0.04
    // Their difference may overflow.
    guard (high - low).isFinite else { return "" }
    func x(_ step: Double) -> Double { inner + step / steps * (right - inner) }
    func y(_ value: Double) -> Double { bottom - (value - low) / (high - low) * (bottom - top) }
    var parts = [text(title, inner, 22, "class=\"title\"")]
    for value in ticks(from: low, to: high, count: 5) {
      let place = decimal(y(value), 1)
      parts.append("<path class=\"grid\" d=\"M\(decimal(inner, 1)) \(place)H\(decimal(right, 1))\"/>")
      parts.append(text(short(value), inner - 8, y(value) + 4, "text-anchor=\"end\""))
    }
    for step in ticks(from: 0, to: steps, count: width > 600 ? 10 : 5) {
      parts.append(text(grouped(Int(step)), x(step), bottom + 20, "text-anchor=\"middle\""))
    }
    parts.append(text("steps", right, height - 8, "text-anchor=\"end\""))
    var place = inner
    for curve in curves {
      let path = curve.points.map { "\(decimal(x($0.x), 1)) \(decimal(y($0.y), 1))" }.joined(separator: "L")
      parts.append("<path class=\"\(curve.style)\" d=\"M\(path)\"/>")
      guard !curve.label.isEmpty else { continue }
      parts.append("<path class=\"\(curve.style)\" d=\"M\(decimal(place, 1)) 40h16\"/>")
      parts.append(text(curve.label, place + 21, 44, "font-size=\"11\""))
      place += 34 + 6.3 * Double(curve.label.count)
    }
    if !note.isEmpty { parts.append(text(note, place, 44, "font-size=\"11\"")) }
    return parts.joined(separator: "\n") + "\n"
  }

  private func text(_ text: String, _ x: Double, _ y: Double, _ attributes: String) -> String {
    "<text x=\"\(decimal(x, 1))\" y=\"\(decimal(y, 1))\" \(attributes)>\(text)</text>"
  }

  private func short(_ value: Double) -> String {
    decimal(value, value == value.rounded() ? 0 : value.magnitude < 0.1 ? 3 : value.magnitude < 10 ? 2 : 1)
  }
}

/// Round values between two bounds, about `count` of them; none if the bounds are too close.
private func ticks(from low: Double, to high: Double, count: Int) -> [Double] {
  let rough = (high - low) / Double(count)
  guard rough > 0, rough.isNormal else { return [] }
  var unit = 1.0
  while unit > rough { unit /= 10 }
  while unit * 10 <= rough { unit *= 10 }
  let step = unit * ([1.0, 2, 5, 10].first { $0 * unit >= rough } ?? 10)
  let first = Int((low / step).rounded(.up))
  let last = Int((high / step).rounded(.down))
  return first > last ? [] : (first...last).map { Double($0) * step }
}
