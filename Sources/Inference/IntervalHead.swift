internal import ModelFormat
internal import MusicFeatures

/// Adds the output of the interval head, which depends on the keyboard state, to the logits of one position.
///
/// - Parameters:
///   - weights: `Intervals.weights` numbers, for note starts and then for note ends: for each plane, from −12 to +12
///     semitones.
///   - planes: the `KeyPlanes` before the token.
///   - logits: the first 128 are note starts, the next 128 note ends.
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
