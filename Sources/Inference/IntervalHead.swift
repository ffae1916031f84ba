internal import ModelFormat
internal import MusicFeatures

/// Adds what the keyboard says of the next token to the logits of one position.
///
/// - Parameters:
///   - weights: `Intervals.weights` numbers, for starts and then for ends: those of each plane from −12 to +12 semitones.
///   - planes: the `KeyPlanes` before the token.
///   - logits: the starts of the keys are the first 128, their ends the next.
func addIntervals(
  _ weights: UnsafePointer<Float>, _ planes: UnsafePointer<Float>, to logits: UnsafeMutablePointer<Float>
) {
  typealias Intervals = Configuration.Intervals
  var weight = weights
  for kind in 0..<2 {
    let logits = logits + kind * 128
    for plane in 0..<KeyPlanes.perKey {
      let plane = planes + plane * 128
      for interval in -Intervals.reach...Intervals.reach {
        let factor = weight.pointee
        weight += 1
        let (first, end) = (max(0, -interval), min(128, 128 - interval))
        for key in first..<end { logits[key] += factor * plane[key + interval] }
      }
    }
  }
}
