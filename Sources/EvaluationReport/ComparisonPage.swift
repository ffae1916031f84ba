package import Evaluation
internal import Pages
internal import Text

/// A self-contained HTML page that shows takes next to real music.
package struct ComparisonPage: Sendable {
  private let data: ComparisonData

  /// - Parameters:
  ///   - title: the name of the model.
  ///   - takes: the excerpts of takes and of real music; nine of each are shown.
  ///   - seed: selects the nine and their order.
  package init(
    title: String, report: ExcerptReport, sets: ExcerptSets, takes: [Excerpt], real: [Excerpt], seed: UInt64
  ) {
    data = ComparisonData(title: title, report: report, sets: sets, takes: takes, real: real, seed: seed)
  }

  /// The page, encoded in UTF-8.
  ///
  /// - Throws: `EncodingError` if a number of the report is not finite.
  package func bytes() throws -> [UInt8] {
    Page(
      title: "Takes and real music", body: PackageResources.body_html, style: PackageResources.comparison_css,
      scripts: [
        PackageResources.rolls_js, PackageResources.measures_js, PackageResources.judge_js, PackageResources.main_js,
      ],
      data: try JSONText.bytes(of: data)
    ).bytes
  }
}
