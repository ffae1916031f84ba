internal import Glibc
internal import Inference
internal import MusicCore

extension Latents {
  /// Features of the latents of a whole window, for a classifier: the global latent; the mean of each dimension of phrases and
  /// of local segments, and its mean change from one to the next; the length of each level's latents (root mean square).
  var summary: [Double] {
    func features(_ segments: [[Float]]) -> [Double] {
      let segments = segments.map { $0.map(Double.init) }
      let steps = zip(segments.dropFirst(), segments).map { zip($0, $1).map { abs($0 - $1) } }
      return segments.means + steps.means
    }
    func length(_ segments: [[Float]]) -> Double {
      let squares = segments.joined().map { Double($0) * Double($0) }
      return (squares.mean ?? 0).squareRoot()
    }
    return global.map(Double.init) + features(phrases) + features(locals)
      + [length([global]), length(phrases), length(locals)]
  }
}

extension [[Double]] {
  /// The mean of each column; empty without rows.
  fileprivate var means: [Double] {
    guard let first else { return [] }
    return first.indices.map { column in reduce(0) { $0 + $1[column] } / Double(count) }
  }
}
