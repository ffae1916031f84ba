public import MusicCore

/// The tension and consonance of every beat that is not silent; all arrays have the same length.
///
/// The three ribbons are distances in the spiral array (Herremans & Chew 2016, "Tension ribbons: quantifying and
/// visualising tonal tension"), dimensionless.
public struct TonalTension: Hashable, Sendable, Codable {
  /// The start of each beat.
  public var starts: [Seconds] = []
  /// The maximum distance between two of the pitches, which measures their dissonance and chromaticism.
  public var cloudDiameter: [Double] = []
  /// The distance of the center of the pitches from that of the previous beat that is not silent; 0 for the first.
  public var cloudMomentum: [Double] = []
  /// The distance of that center from the local key.
  public var tensileStrain: [Double] = []
  /// The mean consonance of all pairs of pitch classes, −1.428…1.24; 0 if there is only one.
  public var consonance: [Double] = []

  enum CodingKeys: String, CodingKey {
    case starts = "startsSeconds"
    case cloudDiameter, cloudMomentum, tensileStrain, consonance
  }

  /// The curves of a piece; nil if it is silent.
  init?(_ frames: HarmonicFrames, _ keys: LocalKeys) {
    var lastCenter: SpiralArray.Point?
    for start in stride(from: 0, to: frames.count, by: HarmonicFrames.perQuarter) {
      let beat = start..<min(frames.count, start + HarmonicFrames.perQuarter)
      let cloud = frames.profile(.sounding, in: beat)
      guard cloud.total > 0 else { continue }
      let key = keys.name(at: start)
      let points = cloud.weights.enumerated().filter { $0.element > 0 }.map { pitchClass, weight in
        (place: SpiralArray.pitch(key.name(of: PitchClass(semitones: pitchClass)).fifths), weight: weight)
      }
      let center = points.reduce(SpiralArray.Point.zero) { $0 + $1.weight * $1.place } / cloud.total
      let home = SpiralArray.key(key.tonic.fifths, isMinor: key.isMinor)
      starts.append(frames.time(of: start))
      cloudDiameter.append(Self.diameter(points.map(\.place)))
      cloudMomentum.append(lastCenter.map { SpiralArray.distance($0, center) } ?? 0)
      tensileStrain.append(SpiralArray.distance(center, home))
      consonance.append(Consonance.mean(of: cloud) ?? 0)
      lastCenter = center
    }
    if starts.isEmpty { return nil }
  }

  private static func diameter(_ points: [SpiralArray.Point]) -> Double {
    var widest = 0.0
    for (index, point) in points.enumerated() {
      for other in points[..<index] { widest = max(widest, SpiralArray.distance(point, other)) }
    }
    return widest
  }
}
