public import MusicCore

/// A close of a phrase on a chord of the local key.
public struct Cadence: Hashable, Sendable, Codable {
  /// When its last chord begins.
  public var time: Seconds
  public var kind: Kind
  public var key: Key

  /// Kinds of cadences (Caplin 2004, "The Classical Cadence").
  public enum Kind: String, Sendable, Codable {
    /// V–I, both in root position and with the tonic on top.
    case perfectAuthentic
    /// V–I or vii°–I otherwise.
    case imperfectAuthentic
    /// Any chord but V, then V.
    case half
    /// IV–I.
    case plagal
    /// V–vi, in minor V–VI.
    case deceptive
  }

  enum CodingKeys: String, CodingKey {
    case time = "timeSeconds"
    case kind, key
  }
}

/// Finds cadences where a progression that can close a phrase meets a rest of the top line.
struct CadenceFinder {
  private let frames: HarmonicFrames
  private let keys: LocalKeys
  private let usualGap: Double

  init(_ frames: HarmonicFrames, _ keys: LocalKeys) {
    self.frames = frames
    self.keys = keys
    let gaps = zip(frames.melody, frames.melody.dropFirst()).map { $1.onset - $0.onset }.filter { $0 > 0.01 }.sorted()
    usualGap = gaps.isEmpty ? 1 : gaps[gaps.count / 2]
  }

  /// The cadences at the beginnings of `chords`.
  func cadences(_ chords: [ChordSpan]) -> [Cadence] {
    zip(chords, chords.dropFirst()).compactMap { previous, arrival in
      let frame = frames.frame(nearest: arrival.start)
      guard previous.end == arrival.start, frame < frames.count else { return nil }
      // The melody may still resolve a suspension on the last chord.
      guard let top = restingNote(from: frame, until: frames.frame(nearest: arrival.end)) else {
        return nil
      }
      let key = keys.key(at: frame)
      return Self.kind(previous, arrival, top: top, in: key)
        .map { Cadence(time: arrival.start, kind: $0, key: key) }
    }
  }

  /// The note of the top line that is held in these frames for at least a beat and twice as long as usual.
  private func restingNote(from start: Int, until end: Int) -> PitchClass? {
    let perBeat = Double(HarmonicFrames.perBeat)
    let melody = frames.melody
    var index = melody.partitioningIndex { $0.onset >= Double(start) / perBeat - 0.1 }
    while index < melody.count, melody[index].onset < Double(end) / perBeat {
      let next = index + 1 < melody.count ? melody[index + 1].onset : .infinity
      if next - melody[index].onset >= max(1, 2 * usualGap) { return melody[index].pitchClass }
      index += 1
    }
    return nil
  }

  private static func kind(
    _ previous: ChordSpan, _ arrival: ChordSpan, top: PitchClass, in key: Key
  ) -> Cadence.Kind? {
    let from = previous.root.pitchClass.interval(above: key.tonic)
    let to = arrival.root.pitchClass.interval(above: key.tonic)
    let isDominant = from == 7 && previous.quality.family == .major
    let isLeading = from == 11 && [.dim, .dim7, .hdim7].contains(previous.quality)
    switch to {
    case 0 where (isDominant || isLeading) && arrival.quality.family != .other:
      let isPerfect = isDominant && previous.inversion == 0 && arrival.inversion == 0 && top == key.tonic
      return isPerfect ? .perfectAuthentic : .imperfectAuthentic
    case 0 where from == 5 && arrival.quality.family != .other: return .plagal
    case 7 where from != 7 && arrival.quality == .maj: return .half
    case (key.isMinor ? 8 : 9) where isDominant && arrival.quality.family == (key.isMinor ? .major : .minor):
      return .deceptive
    default: return nil
    }
  }
}
