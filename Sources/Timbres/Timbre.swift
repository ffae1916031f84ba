/// A sound that can be rendered at any key to produce a set of samples.
struct Timbre: Sendable {
  /// The name, at most 16 bytes; also the seed of its noise.
  let name: String
  /// The root keys to render, ascending.
  let roots: [Int]
  /// The loudness in dBFS, by key.
  var loudness: @Sendable (Int) -> Double = { _ in Timbre.loudness }
  let tone: @Sendable (Int, inout Randomness) -> Tone

  /// The default loudness, which leaves headroom for a fortissimo chord.
  static let loudness = -18.0

  /// The keys that the sample at `roots[index]` covers: up to halfway to its neighbors, and for the outer ones up to
  /// the ends.
  func keys(ofRoot index: Int) -> ClosedRange<UInt8> {
    let low = index == 0 ? 0 : (roots[index - 1] + roots[index]) / 2 + 1
    let high = index == roots.count - 1 ? 127 : (roots[index] + roots[index + 1]) / 2
    return UInt8(low)...UInt8(high)
  }

  func record(_ key: Int) -> Recording {
    let name = "\(name) \(key)"
    var random = Randomness(name)
    var recording = Recording(tone(key, &random), name: name + " noise")
    recording.normalize(loudness: loudness(key))
    return recording
  }
}
