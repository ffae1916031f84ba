package import MusicCore

/// What comes back of a sequence of steps: its figures of five steps, and where they are.
package struct Recurrence {
  /// Steps of a figure.
  package static let length = 5

  private var places: [ArraySlice<Int>: [Seconds]] = [:]
  private var count = 0

  /// - Parameters:
  ///   - steps: from each element to the next.
  ///   - times: of the elements, one more than steps.
  package init(of steps: [Int], at times: [Seconds]) {
    guard steps.count >= Self.length else { return }
    count = steps.count - Self.length + 1
    for start in 0..<count { places[steps[start..<start + Self.length], default: []].append(times[start]) }
  }

  /// The share of all figures that also come at another place, at least so much earlier or later; nil without figures.
  package func share(after distance: Seconds = .zero) -> Double? {
    guard count > 0 else { return nil }
    let recurring = places.values.reduce(0) { sum, times in
      guard times.count > 1, let first = times.first, let last = times.last else { return sum }
      return sum + times.count { $0 - first >= distance && $0 > first || last - $0 >= distance && last > $0 }
    }
    return Double(recurring) / Double(count)
  }
}
