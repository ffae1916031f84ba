internal import Glibc

/// A planar flow (Rezende & Mohamed 2015), `g ← g + û tanh(wᵀg + b)`, with their û (appendix A.1), which keeps wᵀû
/// above −1 and thus the step invertible.
package struct PlanarFlow: Sendable {
  private let direction: [Double]
  private let w: [Double]
  private let b: Double
  /// wᵀû.
  private let gain: Double
  /// 1 + wᵀû, which is positive.
  private let growth: Double

  package init(u: [Float], w: [Float], b: Float) {
    self.w = w.map(Double.init)
    self.b = Double(b)
    let product = dot(self.w, u.map(Double.init))
    let norm = dot(self.w, self.w)
    // softplus without overflow. If w is zero, so is the gain, whatever û is.
    let softplus = max(product, 0) + log1p(exp(-abs(product)))
    let correction = norm > 0 ? (softplus - 1 - product) / norm : 0
    growth = norm > 0 ? softplus : 1
    direction = zip(u, self.w).map { Double($0) + correction * $1 }
    gain = dot(self.w, direction)
  }

  /// One step toward the base, and the logarithm of the determinant of its Jacobian.
  package func forward(_ g: [Double]) -> (g: [Double], logDeterminant: Double) {
    let t = tanh(dot(w, g) + b)
    // The determinant 1 + (1 − t²) wᵀû as a sum of terms that are not negative: the direct form cancels near wᵀû = −1.
    return (zip(g, direction).map { $0 + $1 * t }, log(t * t + (1 - t * t) * growth))
  }

  /// The point that one step maps to `g`.
  package func inverse(_ g: [Double]) -> [Double] {
    let t = tanh(preimage(of: dot(w, g)) + b)
    return zip(g, direction).map { $0 - $1 * t }
  }

  /// Solves a + gain · tanh(a + b) = target for a by Newton's method with bisection as a fallback. The left side
  /// increases with a, since the gain is above −1.
  private func preimage(of target: Double) -> Double {
    var low = target - abs(gain)
    var high = target + abs(gain)
    var a = target
    for _ in 0..<200 {
      let t = tanh(a + b)
      let error = a + gain * t - target
      if error > 0 { high = a } else { low = a }
      if abs(error) <= 1e-12 * max(1, abs(target)) { break }
      let next = a - error / (1 + gain * (1 - t * t))
      a = next > low && next < high ? next : (low + high) / 2
    }
    return a
  }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
