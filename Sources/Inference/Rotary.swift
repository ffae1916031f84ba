internal import Glibc

/// The angles of rotary positions (Su 2021), `t θᵢ` with `θᵢ = 10000^(−2i / headWidth)`.
///
/// They are computed from the position in double precision each time: after a day of music the difference of two
/// positions is still exact to 1e-9, whereas single precision would lose that after minutes.
struct Rotary {
  private let frequencies: [Double]

  init(headWidth: Int) {
    frequencies = (0..<headWidth / 2).map { pow(10_000, -2 * Double($0) / Double(headWidth)) }
  }

  /// Writes the cosines and sines of `count` positions from the first, [count, headWidth / 2] each.
  func fill(
    _ cosines: UnsafeMutablePointer<Float>, _ sines: UnsafeMutablePointer<Float>, from position: Int, count: Int
  ) {
    var index = 0
    for position in position..<position + count {
      for frequency in frequencies {
        let angle = Double(position) * frequency
        cosines[index] = Float(cos(angle))
        sines[index] = Float(sin(angle))
        index += 1
      }
    }
  }
}
