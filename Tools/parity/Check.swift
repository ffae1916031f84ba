internal import Foundation

/// A figure and the limit that it must not exceed.
struct Check {
  private let name: String
  private let figure: Double
  private let limit: Double

  init(_ name: String, _ figure: Double, limit: Double) {
    self.name = name
    self.figure = figure
    self.limit = limit
  }

  /// Whether the figure is within the limit; false for NaN.
  var holds: Bool { figure <= limit }

  static let header = "| check | figure | limit | |\n|---|---|---|---|"

  var row: String {
    "| \(name) | \(String(format: "%.2g", figure)) | \(String(format: "%g", limit)) | \(holds ? "holds" : "FAILS") |"
  }
}
