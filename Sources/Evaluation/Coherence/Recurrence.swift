package import MusicCore

/// The recurrence of figures, n-grams of five steps, in a sequence of steps.
package struct Recurrence {
  /// The number of steps of a figure.
  package static let length = 5

  private var places: [ArraySlice<Int>: [Seconds]] = [:]
  private var count = 0

  /// - Parameters:
  ///   - steps: the step from each element to the next.
  ///   - times: the times of the elements, one more than steps.
  package init(of steps: [Int], at times: [Seconds]) {
    guard steps.count >= Self.length else { return }
    count = steps.count - Self.length + 1
    for start in 0..<count { places[steps[start..<start + Self.length], default: []].append(times[start]) }
  }

  /// The share of all figures that also occur elsewhere, at least `distance` earlier or later; nil if there are no
  /// figures.
  package func share(after distance: Seconds = .zero) -> Double? {
    guard count > 0 else { return nil }
    let recurring = places.values.reduce(0) { sum, times in
      guard times.count > 1, let first = times.first, let last = times.last else { return sum }
      return sum + times.count { $0 - first >= distance && $0 > first || last - $0 >= distance && last > $0 }
    }
    return Double(recurring) / Double(count)
  }
}
