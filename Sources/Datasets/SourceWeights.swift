/// Sampling weights of sources: how often pieces are used in an epoch, by the prefix of their paths.
///
///     let weights = SourceWeights("keyboard=4, keyboard2/train/openscore-quartets=0.25")
///
/// A piece whose path begins with none of the names is used once; of several names the longest applies. With a weight
/// of 2.5 a piece is used two or three times an epoch, each time cut and augmented differently; 0 leaves it out.
public struct SourceWeights: Codable, Hashable, Sendable {
  private var weights: [String: Double]

  /// The same weight, 1, for all pieces.
  public static let equal = SourceWeights(weights: [:])

  private init(weights: [String: Double]) { self.weights = weights }

  /// Reads `NAME=WEIGHT` pairs, separated by commas; nil if a weight is not a number from 0 to 1000, or a name
  /// is missing or repeated.
  public init?(_ description: String) {
    weights = [:]
    for part in description.split(separator: ",", omittingEmptySubsequences: true) {
      guard let sign = part.lastIndex(of: "="), let weight = Double(part[part.index(after: sign)...].trimmed),
        (0...1000).contains(weight), case let name = Self.folder(part[..<sign].trimmed), !name.isEmpty,
        weights.updateValue(weight, forKey: name) == nil
      else { return nil }
    }
  }

  /// How often a piece is used in an epoch on average. O(names).
  public func weight(ofPath path: String) -> Double {
    let names = weights.keys.filter { path == $0 || path.hasPrefix($0 + "/") }
    return names.max { $0.utf8.count < $1.utf8.count }.flatMap { weights[$0] } ?? 1
  }

  /// A folder's name without the slashes at its end.
  private static func folder(_ name: String) -> String {
    String(name.reversed().drop { $0 == "/" }.reversed())
  }
}

extension SourceWeights: CustomStringConvertible {
  /// The pairs in the order of their names.
  public var description: String {
    weights.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
  }
}

extension Substring {
  /// Without white space at both ends.
  fileprivate var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
