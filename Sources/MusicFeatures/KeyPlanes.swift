internal import Foundation

/// The input of a model from a `KeyboardState`, in addition to each token:
///
/// | numbers | each is |
/// |---|---|
/// | 0–127 | 1 where the key sounds, else 0 |
/// | 128–255 | where the key sounds, how recently it was struck; else 0 |
/// | 256–383 | how recently the key was struck, whether it sounds or not |
/// | 384–389 | 1 for the velocity level in force, pp … ff, else 0 |
///
/// How recently is 1 − ln(1 + t) / ln(1 + 8192) for t ticks of 1/64 s: 1 at the onset, 0 from 128 s on.
public enum KeyPlanes {
  /// How many numbers there are.
  public static let count = perKey * 128 + 6
  /// The planes that have a number for each key; they are the first ones.
  public static let perKey = 3

  /// Writes the numbers of a state. O(count).
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

  /// How recently something was that is `ticks` ago.
  private static func recency(_ ticks: Int) -> Float { table[min(ticks, table.count - 1)] }

  private static let table: [Float] = {
    let longest = 8192
    return (0...longest).map { Float(1 - log(1 + Double($0)) / log(1 + Double(longest))) }
  }()
}
