public import MusicCore

/// A page for a browser that shows and plays a piece with its analysis: one file that needs nothing else.
public struct ReportPage {
  private let document: AnalysisDocument
  private let score: Score

  public init(_ document: AnalysisDocument, score: Score) {
    self.document = document
    self.score = score
  }

  /// The page in UTF-8.
  ///
  /// - Throws: `EncodingError` where a number of the analysis is not finite.
  public func bytes() throws -> [UInt8] {
    let title = Self.title(ofFile: document.file)
    let values: [String: [UInt8]] = [
      "title": Self.escaped(title),
      "style": PackageResources.style_css,
      "script": Self.scripts.flatMap { $0 + [0x0A] },
      "data": Self.embeddable(try RoundedJSON.bytes(of: ReportData(document, score: score))),
    ]
    return Self.filled(PackageResources.page_html, with: values)
  }

  private static var scripts: [[UInt8]] {
    [
      PackageResources.piece_js, PackageResources.facts_js, PackageResources.synth_js, PackageResources.roll_js,
      PackageResources.curves_js, PackageResources.charts_js, PackageResources.pictures_js, PackageResources.main_js,
    ]
  }

  /// The name of a file as words: `a/maple_leaf-rag.mid` is “Maple leaf rag”.
  static func title(ofFile file: String) -> String {
    let name = file.split(separator: "/").last ?? ""
    let stem = name.lastIndex(of: ".").map { name[..<$0] } ?? name
    let words = stem.split { $0 == "-" || $0 == "_" || $0 == " " }.joined(separator: " ")
    guard let first = words.first else { return file }
    return first.uppercased() + words.dropFirst()
  }

  /// The template with every `{{name}}` replaced.
  private static func filled(_ template: [UInt8], with values: [String: [UInt8]]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(template.count + values.values.reduce(0) { $0 + $1.count })
    var rest = template[...]
    while let start = rest.firstIndex(of: UInt8(ascii: "{")) {
      let inside = rest[start...].dropFirst(2)
      guard rest[start...].starts(with: "{{".utf8), let end = inside.firstIndex(of: UInt8(ascii: "}")),
        let value = values[String(decoding: inside[..<end], as: UTF8.self)]
      else {
        result += rest[...start]
        rest = rest[(start + 1)...]
        continue
      }
      result += rest[..<start] + value
      rest = rest[(end + 2)...]
    }
    return result + rest
  }

  private static func escaped(_ text: String) -> [UInt8] {
    let signs: [Character: String] = ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;"]
    return Array(text.map { signs[$0] ?? String($0) }.joined().utf8)
  }

  /// JSON that cannot end the script element it is in: `<` only occurs in its strings.
  private static func embeddable(_ json: [UInt8]) -> [UInt8] {
    json.flatMap { $0 == UInt8(ascii: "<") ? Array("\\u003c".utf8) : [$0] }
  }
}
