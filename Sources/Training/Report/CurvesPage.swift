internal import Pages
internal import Text

/// A page for a browser with the curves of a run: one file that needs nothing else.
package struct CurvesPage {
  private let data: CurveData

  /// - Parameters:
  ///   - title: The name of the run.
  ///   - subtitle: What it trains, and on what.
  package init(title: String, subtitle: String, lines: [MetricsLine]) {
    data = CurveData(title: title, subtitle: subtitle, lines: lines)
  }

  /// The page in UTF-8.
  ///
  /// - Throws: `EncodingError` where a figure is not finite, which `Losses` keeps out.
  package func bytes() throws -> [UInt8] {
    Page(
      title: data.title, body: PackageResources.body_html, style: PackageResources.style_css,
      scripts: [PackageResources.plot_js, PackageResources.main_js], data: try JSONText.bytes(of: data)
    ).bytes
  }
}
