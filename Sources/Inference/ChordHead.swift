internal import ModelFormat
internal import MusicCore
internal import MusicFeatures

/// Adds the terms of the chord head to the logits of note starts and ends (docs/model.md, "Chord charts").
///
/// - Parameters:
///   - weights: those of the position, [start or end, input]; see `Configuration.Chords`.
///   - planes: the `ChartPlanes` before the token.
///   - logits: those of the position.
func addChords(
  _ weights: UnsafePointer<Float>, _ planes: UnsafePointer<Float>, to logits: UnsafeMutablePointer<Float>
) {
  let key = (0..<Key.count).first { planes[ChartPlanes.key + $0] != 0 }
  for kind in 0..<2 {
    let weights = weights + kind * Configuration.Chords.inputs
    for pitchClass in 0..<12 {
      var sum: Float = 0
      for plane in 0..<ChartPlanes.perClass { sum += weights[plane] * planes[12 * plane + pitchClass] }
      if let key { sum += weights[ChartPlanes.perClass + key / 12 * 12 + (pitchClass - key % 12 + 12) % 12] }
      for pitch in stride(from: pitchClass, to: 128, by: 12) { logits[128 * kind + pitch] += sum }
    }
  }
}
