/// A self-contained HTML page: one file with its styles, scripts and data.
///
/// A content security policy keeps it from loading anything. All pages share colors, fonts, panels and cards
/// (`style.css`), and the functions `element` and `byId` and the constant `data` (`page.js`).
package struct Page {
  package var title: String
  /// The HTML of the body before the data; `{{title}}` stands for the title.
  package var body: [UInt8]
  /// CSS in addition to the shared style.
  package var style: [UInt8]
  /// JavaScript in addition to the shared script, in order.
  package var scripts: [[UInt8]]
  /// The data for the scripts, as JSON.
  package var data: [UInt8]

  package init(title: String, body: [UInt8], style: [UInt8], scripts: [[UInt8]], data: [UInt8]) {
    self.title = title
    self.body = body
    self.style = style
    self.scripts = scripts
    self.data = data
  }

  /// The page in UTF-8.
  package var bytes: [UInt8] {
    let title = Array(Self.escaped(title).utf8)
    return Template(PackageResources.page_html).filled(with: [
      "title": title,
      "style": PackageResources.style_css + style,
      "body": Template(body).filled(with: ["title": title]),
      "data": Self.embeddable(data),
      "script": ([PackageResources.page_js] + scripts).flatMap { $0 + [0x0A] },
    ])
  }

  /// Text with HTML markup characters escaped.
  package static func escaped(_ text: String) -> String {
    let signs: [Character: String] = ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;"]
    return text.map { signs[$0] ?? String($0) }.joined()
  }

  /// JSON that cannot end its script element: `<`, which occurs only in strings, is escaped.
  private static func embeddable(_ json: [UInt8]) -> [UInt8] {
    json.flatMap { $0 == UInt8(ascii: "<") ? Array("\\u003c".utf8) : [$0] }
  }
}
