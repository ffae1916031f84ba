extension Sequence {
  /// The element of a categorical distribution at a point of its cumulative distribution (inversion sampling): the first
  /// one at which the sum of the weights exceeds `point`. If rounding leaves none, the last one with a weight; nil if no
  /// element has one.
  ///
  /// - Parameters:
  ///   - point: a uniform random number from 0 to less than the sum of the weights.
  ///   - weight: the weight of an element, not negative; elements of weight 0 are never drawn.
  @inlinable
  package func drawn(at point: Double, weight: (Element) -> Double) -> Element? {
    var left = point
    var drawn: Element?
    for element in self {
      let weight = weight(element)
      guard weight != 0 else { continue }
      drawn = element
      left -= weight
      if left < 0 { break }
    }
    return drawn
  }
}
