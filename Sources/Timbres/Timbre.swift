/// A sound that can be recorded at any key: the recipe of a set of samples.
struct Timbre: Sendable {
  /// At most 16 bytes; also the seed of its noise.
  let name: String
  /// The keys to record, ascending.
  let roots: [Int]
  /// The loudness in decibels of full scale, by key.
  var loudness: @Sendable (Int) -> Double = { _ in Timbre.loudness }
  let tone: @Sendable (Int, inout Randomness) -> Tone

  /// The usual loudness: what leaves room for a fortissimo chord.
  static let loudness = -18.0

  /// The keys that the recording at `roots[index]` plays: to half way to its neighbors, the outer ones to the ends.
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
