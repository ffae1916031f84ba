internal import Pages
internal import Text

/// A self-contained HTML page with the curves of a run.
package struct CurvesPage {
  private let data: CurveData

  /// - Parameters:
  ///   - title: The name of the run.
  ///   - subtitle: The model and the data.
  package init(title: String, subtitle: String, lines: [MetricsLine]) {
    data = CurveData(title: title, subtitle: subtitle, lines: lines)
  }

  /// The page, encoded in UTF-8.
  ///
  /// - Throws: `EncodingError` if a value is not finite, which `Losses` prevents.
  package func bytes() throws -> [UInt8] {
    Page(
      title: data.title, body: PackageResources.body_html, style: PackageResources.style_css,
      scripts: [PackageResources.plot_js, PackageResources.main_js], data: try JSONText.bytes(of: data)
    ).bytes
  }
}
