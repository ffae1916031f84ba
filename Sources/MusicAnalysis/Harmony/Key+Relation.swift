public import MusicCore

extension Key {
  /// How `other` is related to this key.
  public func relation(to other: Key) -> Relation {
    if self == other { return .same }
    if tonic == other.tonic { return .parallel }
    if signature == other.signature { return .relative }
    let fifth = [5, 7].contains(other.tonic.interval(above: tonic))
    return fifth && isMinor == other.isMinor ? .fifth : .other
  }

  /// The relations by which key detection is scored (MIREX audio key detection).
  public enum Relation: String, Sendable, Codable {
    case same, fifth, relative, parallel, other
  }
}
