import Pages
import Testing

@Suite struct PageTests {
  private static func text(title: String = "T", body: String = "", data: String = "{}") -> String {
    let page = Page(
      title: title, body: Array(body.utf8), style: Array("b { color: red }".utf8), scripts: [Array("one();".utf8)],
      data: Array(data.utf8))
    return String(decoding: page.bytes, as: UTF8.self)
  }

  @Test func aPageHasItsPartsAndNoPlaceholders() {
    let text = Self.text(body: "<h1>{{title}}</h1>")
    #expect(text.contains("<title>T</title>") && text.contains("<h1>T</h1>") && text.contains("b { color: red }"))
    #expect(text.contains("one();") && text.contains(#"id="data">{}</script>"#) && !text.contains("{{"))
    #expect(text.contains("default-src 'none'"))
  }

  @Test func namesAndDataCannotBecomeMarkup() {
    let text = Self.text(title: #"<b>"&"#, data: #"{"a":"</script><script>x()"}"#)
    #expect(text.contains("<title>&lt;b&gt;&quot;&amp;</title>"))
    #expect(!text.contains("</script><script>x()") && text.contains(#"\u003c/script>\u003cscript>x()"#))
  }

  /// A title such as `{{data}}` is text, not a placeholder.
  @Test func placeholdersInValuesAreNotFilled() {
    let text = Self.text(title: "{{data}} {{nothing}}", body: "{{title}} { {{unknown}} {{")
    #expect(text.contains("<title>{{data}} {{nothing}}</title>"))
    #expect(text.contains("{{data}} {{nothing}} { {{unknown}} {{"))
  }
}
