internal import MusicCore

/// The consonance of simultaneous pitch classes by their interval vector.
public enum Consonance {
  /// The interval vector of weighted pitch classes, for interval classes 1…6: each pair contributes the product of its
  /// weights.
  public static func intervalVector(of profile: PitchClassProfile) -> [Double] {
    var vector = Array(repeating: 0.0, count: 6)
    for high in 1..<12 {
      for low in 0..<high {
        let interval = high - low
        vector[min(interval, 12 - interval) - 1] += profile.weights[high] * profile.weights[low]
      }
    }
    return vector
  }

  /// The weighted mean of `IntervalClass.consonances` over all pairs; nil if there is no pair.
  public static func mean(of profile: PitchClassProfile) -> Double? {
    let vector = intervalVector(of: profile)
    let pairs = vector.reduce(0, +)
    guard pairs > 0 else { return nil }
    return zip(vector, IntervalClass.consonances).reduce(0) { $0 + $1.0 * $1.1 } / pairs
  }
}
