/// A score for each `BarPlace`, with a vector for each bar length, so that a shift by beats is a rotation. Unused lanes are
/// never greater than the others.
package struct PlaceScores {
  private var two: SIMD4<Float>
  private var three: SIMD4<Float>
  private var four: SIMD4<Float>

  /// Creates equal scores for all positions.
  init(repeating score: Float) {
    (two, three, four) = (SIMD4(repeating: score), SIMD4(repeating: score), SIMD4(repeating: score))
  }

  /// Creates scores in the order of `BarPlace.all`.
  init(_ scores: [Float]) {
    two = SIMD4(scores[0], scores[1], -.infinity, -.infinity)
    three = SIMD4(scores[2], scores[3], scores[4], -.infinity)
    four = SIMD4(scores[5], scores[6], scores[7], scores[8])
  }

  subscript(place: Int) -> Float {
    switch place {
    case 0..<2: two[place]
    case 2..<5: three[place - 2]
    default: four[place - 5]
    }
  }

  /// The maximum.
  @inline(__always)
  var greatest: Float {
    var greatest = two
    greatest.replace(with: three, where: three .> greatest)
    greatest.replace(with: four, where: four .> greatest)
    return greatest.max()
  }

  /// The scores shifted by a number of beats: each position has the score of the one before it.
  @inline(__always)
  func rotated(by beats: Int) -> PlaceScores {
    var rotated = self
    for _ in 0..<beats {
      rotated.two = SIMD4(rotated.two[1], rotated.two[0], rotated.two[2], rotated.two[3])
      rotated.three = SIMD4(rotated.three[2], rotated.three[0], rotated.three[1], rotated.three[3])
      rotated.four = SIMD4(rotated.four[3], rotated.four[0], rotated.four[1], rotated.four[2])
    }
    return rotated
  }

  /// Replaces each score with another one if that is greater.
  @inline(__always)
  mutating func raise(to other: PlaceScores) {
    two.replace(with: other.two, where: other.two .> two)
    three.replace(with: other.three, where: other.three .> three)
    four.replace(with: other.four, where: other.four .> four)
  }

  /// Replaces the scores of the last positions of bars with another one if that is greater.
  @inline(__always)
  mutating func raiseLast(to score: Float) {
    two[1] = max(two[1], score)
    three[2] = max(three[2], score)
    four[3] = max(four[3], score)
  }

  @inline(__always)
  static func + (scores: PlaceScores, more: PlaceScores) -> PlaceScores {
    var sum = scores
    sum.two += more.two
    sum.three += more.three
    sum.four += more.four
    return sum
  }

  @inline(__always)
  static func + (scores: PlaceScores, more: Float) -> PlaceScores { scores + PlaceScores(repeating: more) }

  @inline(__always)
  static func - (scores: PlaceScores, less: Float) -> PlaceScores { scores + PlaceScores(repeating: -less) }
}

extension PlaceScores {
  /// The score −∞ for all positions.
  static let nothing = PlaceScores(repeating: -.infinity)
}
