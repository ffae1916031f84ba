internal import FoundationEssentials

/// A page for a browser with the curves of a run: one file that needs nothing else.
public struct CurvesPage {
  private let data: CurveData

  /// - Parameters:
  ///   - title: The name of the run.
  ///   - subtitle: What it trains, and on what.
  public init(title: String, subtitle: String, lines: [MetricsLine]) {
    data = CurveData(title: title, subtitle: subtitle, lines: lines)
  }

  /// The page in UTF-8.
  ///
  /// - Throws: `EncodingError` where a figure is not finite, which `Losses` keeps out.
  public func bytes() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // JSON that cannot end the script element it is in: `<` only occurs in its strings.
    let json = String(decoding: try encoder.encode(data), as: UTF8.self).replacing("<", with: "\\u003c")
    let values = [
      "title": Self.escaped(data.title),
      "style": String(decoding: PackageResources.style_css, as: UTF8.self),
      "script": String(decoding: PackageResources.plot_js + PackageResources.main_js, as: UTF8.self),
      "data": json,
    ]
    return Array(Self.filled(String(decoding: PackageResources.page_html, as: UTF8.self), with: values).utf8)
  }

  /// The template with every `{{name}}` replaced.
  private static func filled(_ template: String, with values: [String: String]) -> String {
    var result = ""
    for (index, part) in template.split(separator: "{{").enumerated() {
      guard index > 0, let end = part.firstRange(of: "}}"), let value = values[String(part[..<end.lowerBound])] else {
        result += part
        continue
      }
      result += value + part[end.upperBound...]
    }
    return result
  }

  static func escaped(_ text: String) -> String {
    let signs: [Character: String] = ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;"]
    return text.map { signs[$0] ?? String($0) }.joined()
  }
}
