/// The consonance of simultaneous pitch classes by their interval vector.
public enum Consonance {
  /// Of the interval classes 1…6, from the semitone to the tritone (Huron 1994, "Interval-class content in equally
  /// tempered pitch-class sets", after three studies of listeners).
  public static let ofIntervalClass = [-1.428, -0.582, 0.594, 0.386, 1.240, -0.453]

  /// How often each interval class 1…6 occurs among weighted pitch classes; each pair counts the product of its
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

  /// The mean consonance of all pairs, or nil where there is no pair.
  public static func mean(of profile: PitchClassProfile) -> Double? {
    let vector = intervalVector(of: profile)
    let pairs = vector.reduce(0, +)
    guard pairs > 0 else { return nil }
    return zip(vector, ofIntervalClass).reduce(0) { $0 + $1.0 * $1.1 } / pairs
  }
}
