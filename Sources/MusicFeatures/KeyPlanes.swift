internal import Glibc

/// The features of a `KeyboardState` that a model gets as input in addition to each token:
///
/// | indices | value |
/// |---|---|
/// | 0–127 | 1 if the key sounds, otherwise 0 |
/// | 128–255 | the recency of the key's onset if it sounds, otherwise 0 |
/// | 256–383 | the recency of the key's onset, whether it sounds or not |
/// | 384–389 | one-hot: 1 for the current velocity level, pp … ff, otherwise 0 |
///
/// The recency is 1 − ln(1 + t) / ln(1 + 8192) for t ticks of 1/64 s since the onset: 1 at the onset, 0 from 128 s on.
public enum KeyPlanes {
  /// The number of features.
  public static let count = perKey * 128 + 6
  /// The number of planes with one value per key, which come first.
  public static let perKey = 3

  /// Writes the features of a state. O(count).
  ///
  /// - Parameter values: room for `count` numbers.
  public static func write(_ state: borrowing KeyboardState, to values: UnsafeMutablePointer<Float>) {
    for pitch in 0..<128 {
      let recency = state.ticksSinceOnset(of: pitch).map(recency) ?? 0
      let sounds = state.isSounding(pitch)
      values[pitch] = sounds ? 1 : 0
      values[128 + pitch] = sounds ? recency : 0
      values[256 + pitch] = recency
    }
    for level in 0..<6 { values[384 + level] = state.level == UInt8(level) ? 1 : 0 }
  }

  /// The recency of an onset `ticks` ago.
  private static func recency(_ ticks: Int) -> Float { table[min(ticks, table.count - 1)] }

  private static let table: [Float] = {
    let longest = 8192
    return (0...longest).map { Float(1 - log(1 + Double($0)) / log(1 + Double(longest))) }
  }()
}
