public import MusicCore

/// Tension and consonance of every beat in which something sounds; the arrays are of one length.
///
/// The three ribbons are distances in the spiral array (Herremans & Chew 2016, "Tension ribbons: quantifying and
/// visualising tonal tension"), dimensionless.
public struct TonalTension: Hashable, Sendable, Codable {
  /// When each beat begins.
  public var starts: [Seconds] = []
  /// The greatest distance between two of the pitches: how dissonant and chromatic they are among themselves.
  public var cloudDiameter: [Double] = []
  /// How far the center of the pitches has moved since the last beat that was not silent; 0 for the first.
  public var cloudMomentum: [Double] = []
  /// The distance of that center from the local key.
  public var tensileStrain: [Double] = []
  /// The mean consonance of all pairs of pitch classes, −1.428…1.24; 0 where there is only one.
  public var consonance: [Double] = []

  enum CodingKeys: String, CodingKey {
    case starts = "startsSeconds"
    case cloudDiameter, cloudMomentum, tensileStrain, consonance
  }

  /// The curves of a piece, or nil where nothing sounds.
  init?(_ frames: HarmonicFrames, _ keys: LocalKeys) {
    var lastCentre: SpiralArray.Point?
    for start in stride(from: 0, to: frames.count, by: HarmonicFrames.perQuarter) {
      let beat = start..<min(frames.count, start + HarmonicFrames.perQuarter)
      let cloud = frames.profile(.sounding, in: beat)
      guard cloud.total > 0 else { continue }
      let key = keys.key(at: start)
      let points = cloud.weights.enumerated().filter { $0.element > 0 }.map { pitchClass, weight in
        (place: SpiralArray.pitch(key.name(of: PitchClass(semitones: pitchClass)).fifths), weight: weight)
      }
      let centre = points.reduce(SpiralArray.Point.zero) { $0 + $1.weight * $1.place } / cloud.total
      let home = SpiralArray.key(key.lineOfFifths, isMinor: key.isMinor)
      starts.append(frames.time(of: start))
      cloudDiameter.append(Self.diameter(points.map(\.place)))
      cloudMomentum.append(lastCentre.map { SpiralArray.distance($0, centre) } ?? 0)
      tensileStrain.append(SpiralArray.distance(centre, home))
      consonance.append(Consonance.mean(of: cloud) ?? 0)
      lastCentre = centre
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
