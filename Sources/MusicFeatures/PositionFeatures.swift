internal import Glibc
internal import MusicCore
internal import MusicTokens

/// Perceptual features of one position of a token stream: numbers of about −1…1 in four groups.
///
/// They are a function of only the token and the `KeyPlanes` before and after it, so that the features contain no more
/// information than a model's input. Where the planes are ambiguous, a key that was never struck is treated like one
/// struck long ago. Times since onsets are expressed as the recency of `KeyPlanes`.
///
/// `FeatureTwin` in `VAEGAN` is the same definition on tensors, and also accepts distributions over tokens.
public enum PositionFeatures {
  /// A group of features; a critic has a separate convolution for each.
  public enum Group: String, CaseIterable, Sendable {
    /// The kind of token, time shifts, and note durations.
    case rhythm
    /// Sounding and recent pitch classes, interval vector, dissonance, and the intervals of a struck key to both.
    case harmony
    /// The highest and lowest key, their motion, and the recency of the keys around a struck one.
    case melody
    /// The level, and its change.
    case dynamics

    /// The number of features in the group.
    public var count: Int {
      switch self {
      case .rhythm: 12
      case .harmony: 56
      case .melody: 6 + PositionFeatures.contour.count
      case .dynamics: 4
      }
    }
  }

  /// The number of features in all groups, which are concatenated.
  public static let count = Group.allCases.reduce(0) { $0 + $1.count }

  /// The range of semitones around a struck key whose keys' recencies form the contour.
  public static let contour = -12...12

  /// The dissonances of the interval classes 1…6: the negated `IntervalClass.consonances`.
  public static let dissonances = IntervalClass.consonances.map { Float(-$0) }

  /// The length of a time shift relative to the longest, on a logarithmic scale.
  public static func logTicks(_ ticks: Int) -> Float { Float(log(1 + Double(ticks)) / log(513)) }

  /// Writes the features of a position. O(128).
  ///
  /// - Parameters:
  ///   - token: 0…773.
  ///   - before: the `KeyPlanes` before the token.
  ///   - after: the `KeyPlanes` after the token.
  ///   - values: room for `count` features.
  public static func write(
    _ token: UInt16, before: UnsafePointer<Float>, after: UnsafePointer<Float>, to values: UnsafeMutablePointer<Float>
  ) {
    values.update(repeating: 0, count: count)
    let before = Keyboard(planes: before)
    let after = Keyboard(planes: after)
    var place = values
    rhythm(token, before, after, place)
    place += Group.rhythm.count
    harmony(token, before, after, place)
    place += Group.harmony.count
    melody(token, before, after, place)
    place += Group.melody.count
    dynamics(token, before, after, place)
  }

  /// Named access to the planes.
  private struct Keyboard {
    let planes: UnsafePointer<Float>
    var sounding: UnsafePointer<Float> { planes }
    var soundingRecency: UnsafePointer<Float> { planes + 128 }
    var recency: UnsafePointer<Float> { planes + 256 }

    /// The recency of the most recent onset.
    var latest: Float { (0..<128).reduce(0) { max($0, recency[$1]) } }
    /// (k + 1) / 128 for the highest sounding key k; 0 if none sounds.
    var top: Float { (0..<128).reduce(0) { max($0, sounding[$1] * Float($1 + 1) / 128) } }
    /// (128 − k) / 128 for the lowest sounding key k; 0 if none sounds.
    var bottom: Float { (0..<128).reduce(0) { max($0, sounding[$1] * Float(128 - $1) / 128) } }
    /// (l + 1) / 6 for the current level l; 0 if there is none.
    var level: Float { (0..<6).reduce(0) { $0 + planes[384 + $1] * Float($1 + 1) / 6 } }

    func soundingClasses(_ classes: UnsafeMutablePointer<Float>) {
      for key in 0..<128 { classes[key % 12] = min(1, classes[key % 12] + sounding[key]) }
    }

    func recentClasses(_ classes: UnsafeMutablePointer<Float>) {
      for key in 0..<128 { classes[key % 12] = max(classes[key % 12], recency[key]) }
    }
  }

  private static func rhythm(
    _ token: UInt16, _ before: Keyboard, _ after: Keyboard, _ y: UnsafeMutablePointer<Float>
  ) {
    let latest = before.latest
    switch token {
    case Token.noteOns:
      y[0] = 1
      y[6] = latest
    case Token.noteOffs:
      y[1] = 1
      let key = Int(token - Token.noteOffs.lowerBound)
      y[7] = before.sounding[key] - before.soundingRecency[key]
      y[8] = 1 - before.sounding[key]
    case Token.timeShifts:
      y[2] = 1
      y[4] = logTicks(Token.ticks(ofShift: token))
    default: y[3] = 1
    }
    y[5] = latest
    var (longest, sum, count): (Float, Float, Float) = (0, 0, 0)
    for key in 0..<128 {
      let held = after.sounding[key] - after.soundingRecency[key]
      longest = max(longest, held)
      sum += held
      count += after.sounding[key]
    }
    y[9] = longest
    y[10] = sum / max(1, count)
    y[11] = after.latest
  }

  private static func harmony(
    _ token: UInt16, _ before: Keyboard, _ after: Keyboard, _ y: UnsafeMutablePointer<Float>
  ) {
    after.soundingClasses(y)
    after.recentClasses(y + 12)
    var (intervals, weighted): (Float, Float) = (0, 0)
    for interval in 1...6 {
      var count: Float = 0
      for pitchClass in 0..<12 { count += y[pitchClass] * y[(pitchClass + interval) % 12] }
      if interval == 6 { count /= 2 }
      y[23 + interval] = count / 12
      intervals += count
      weighted += count * dissonances[interval - 1]
    }
    y[30] = weighted / max(1, intervals)
    y[31] = (0..<128).reduce(0) { $0 + after.sounding[$1] } / 16
    guard Token.noteOns.contains(token) else { return }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 24) { classes in
      classes.initialize(repeating: 0)
      guard let start = classes.baseAddress else { return }
      before.soundingClasses(start)
      before.recentClasses(start + 12)
      for interval in 0..<12 {
        y[32 + interval] = start[(Int(token) + interval) % 12]
        y[44 + interval] = start[12 + (Int(token) + interval) % 12]
      }
    }
  }

  private static func melody(
    _ token: UInt16, _ before: Keyboard, _ after: Keyboard, _ y: UnsafeMutablePointer<Float>
  ) {
    let (top, bottom) = (after.top, after.bottom)
    let previous = before.top
    y[0] = top
    y[1] = bottom
    y[4] = tanhf((top - previous) * 128 / 24)
    y[5] = tanhf((bottom - before.bottom) * 128 / 24)
    guard Token.noteOns.contains(token) else { return }
    y[2] = Float(token + 1) / 128
    y[3] = tanhf((y[2] - previous) * 128 / 24)
    for (place, semitones) in contour.enumerated() {
      let key = Int(token) + semitones
      y[6 + place] = (0..<128).contains(key) ? before.recency[key] : 0
    }
  }

  private static func dynamics(
    _ token: UInt16, _ before: Keyboard, _ after: Keyboard, _ y: UnsafeMutablePointer<Float>
  ) {
    y[0] = after.level
    y[1] = before.level
    guard token >= Token.velocityChanges.lowerBound else { return }
    y[2] = Float(token - Token.velocityChanges.lowerBound + 1) / 6 - before.level
    y[3] = abs(y[2])
  }
}
