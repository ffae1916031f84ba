package import MusicCore
internal import Pages

/// A page for a browser that shows and plays a piece with its analysis: one file that needs nothing else.
package struct ReportPage {
  private let document: AnalysisDocument
  private let score: Score
  private let take: TakePage?
  private let realism: [RealismWindow]

  /// - Parameters:
  ///   - take: if the piece is a take, its comparison with the reference, which the page shows first.
  ///   - realism: a critic's scores, which the page shows over the notes; empty for none.
  package init(_ document: AnalysisDocument, score: Score, take: TakePage? = nil, realism: [RealismWindow] = []) {
    self.document = document
    self.score = score
    self.take = take
    self.realism = realism
  }

  /// The page in UTF-8.
  ///
  /// - Throws: `EncodingError` if a number of the analysis is not finite.
  package func bytes() throws -> [UInt8] {
    Page(
      title: Self.title(of: score, file: document.file), body: PackageResources.body_html,
      style: PackageResources.style_css,
      scripts: Self.scripts,
      data: try RoundedJSON.bytes(of: ReportData(document, score: score, take: take, realism: realism))
    ).bytes
  }

  private static var scripts: [[UInt8]] {
    [
      PackageResources.piece_js, PackageResources.names_js, PackageResources.facts_js, PackageResources.practice_js,
      PackageResources.synth_js, PackageResources.roll_js, PackageResources.lanes_js, PackageResources.curves_js,
      PackageResources.charts_js, PackageResources.pictures_js, PackageResources.form_js, PackageResources.take_js,
      PackageResources.print_js,
      PackageResources.main_js,
    ]
  }

  /// The title of a score; if it has none, the name of its file as words.
  package static func title(of score: Score, file: String) -> String { score.title ?? title(ofFile: file) }

  /// The name of a file as words: `a/maple_leaf-rag.mid` is “Maple leaf rag”.
  static func title(ofFile file: String) -> String {
    let name = file.split(separator: "/").last ?? ""
    let stem = name.lastIndex(of: ".").map { name[..<$0] } ?? name
    let words = stem.split { $0 == "-" || $0 == "_" || $0 == " " }.joined(separator: " ")
    guard let first = words.first else { return file }
    return first.uppercased() + words.dropFirst()
  }
}
