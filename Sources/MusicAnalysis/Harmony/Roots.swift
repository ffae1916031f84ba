internal import Glibc

/// A number for each of the twelve roots of chords, C first: three vectors of four, which waste no lanes as one of 16 would.
package struct Roots {
  private var first: SIMD4<Float>
  private var second: SIMD4<Float>
  private var third: SIMD4<Float>

  static let zero = Roots(repeating: 0)

  @inline(__always)
  private init(_ first: SIMD4<Float>, _ second: SIMD4<Float>, _ third: SIMD4<Float>) {
    (self.first, self.second, self.third) = (first, second, third)
  }

  /// Creates equal numbers for all roots.
  @inline(__always)
  init(repeating number: Float) {
    let vector = SIMD4(repeating: number)
    self.init(vector, vector, vector)
  }

  /// Creates the number of each root with a closure.
  init(_ number: (Int) -> Float) {
    self = .zero
    for root in 0..<12 { self[root] = number(root) }
  }

  package subscript(root: Int) -> Float {
    @inline(__always)
    get {
      switch root {
      case 0..<4: first[root]
      case 4..<8: second[root - 4]
      default: third[root - 8]
      }
    }
    @inline(__always)
    set {
      switch root {
      case 0..<4: first[root] = newValue
      case 4..<8: second[root - 4] = newValue
      default: third[root - 8] = newValue
      }
    }
  }

  /// The maximum.
  @inline(__always)
  var greatest: Float { max(first.max(), second.max(), third.max()) }

  var sum: Float {
    var sum: Float = 0
    for root in 0..<12 { sum += self[root] }
    return sum
  }

  /// The numbers with 0 in place of smaller ones.
  @inline(__always)
  var notNegative: Roots {
    Roots(
      first.replacing(with: 0, where: first .< 0), second.replacing(with: 0, where: second .< 0),
      third.replacing(with: 0, where: third .< 0))
  }

  var exponential: Roots { Roots(Self.exponential(first), Self.exponential(second), Self.exponential(third)) }

  @inline(__always)
  private static func exponential(_ logs: SIMD4<Float>) -> SIMD4<Float> {
    SIMD4(exp(logs[0]), exp(logs[1]), exp(logs[2]), exp(logs[3]))
  }

  /// The sum of twelve rows, each multiplied by the number of its root.
  @inline(__always)
  func combined(_ rows: UnsafePointer<Roots>) -> Roots {
    var sum = Roots.zero
    for lane in 0..<4 { sum += rows[lane] * first[lane] }
    for lane in 0..<4 { sum += rows[4 + lane] * second[lane] }
    for lane in 0..<4 { sum += rows[8 + lane] * third[lane] }
    return sum
  }

  @inline(__always)
  static func + (a: Roots, b: Roots) -> Roots { Roots(a.first + b.first, a.second + b.second, a.third + b.third) }

  @inline(__always)
  static func - (a: Roots, b: Roots) -> Roots { Roots(a.first - b.first, a.second - b.second, a.third - b.third) }

  @inline(__always)
  static func - (a: Roots, b: Float) -> Roots { a - Roots(repeating: b) }

  @inline(__always)
  static func * (a: Roots, b: Roots) -> Roots { Roots(a.first * b.first, a.second * b.second, a.third * b.third) }

  @inline(__always)
  static func * (a: Roots, b: Float) -> Roots { Roots(a.first * b, a.second * b, a.third * b) }

  @inline(__always)
  static func += (a: inout Roots, b: Roots) { a = a + b }

  @inline(__always)
  static func *= (a: inout Roots, b: Roots) { a = a * b }

  @inline(__always)
  static func *= (a: inout Roots, b: Float) { a = a * b }
}
