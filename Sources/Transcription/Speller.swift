internal import MusicAnalysis
internal import MusicCore
internal import MusicXML

/// Key signatures of a score, and how its pitches are spelled in the keys that the music goes through.
struct Speller {
  private let signatures: [(place: Int, key: KeySignature)]
  /// From which place on the tonic is where on the line of fifths, and what key it is.
  private let keys: [(place: Int, key: Key, shift: Int)]

  init(_ score: Score, _ grid: NotationGrid) {
    let rhythm = RhythmAnalysis(score)
    let harmony = HarmonyAnalysis(score, beats: rhythm.beatsSeconds, downbeats: rhythm.downbeatsSeconds)
    if score.keySignatures.isEmpty {
      signatures =
        harmony.key.map { [(0, KeySignature(key: $0.name))] } ?? [(0, KeySignature(tick: 0, sharps: 0, isMinor: false))]
    } else {
      signatures = score.keySignatures.map { (Int(grid.place(of: $0.tick).rounded()), $0) }
    }
    var keys: [(place: Int, key: Key, shift: Int)] = []
    for span in harmony.localKeys {
      let place = Int(grid.place(of: score.tempoMap.tick(nearest: span.start)).rounded())
      let signature = signatures.last { $0.place <= place } ?? signatures[0]
      // Of two spellings of a key, such as F♯ and G♭ major, the one that is nearer to the signature.
      let center = span.name.lineOfFifths - (span.name.isMinor ? 3 : 0) - signature.key.sharps
      keys.append((place, span.name, center > 6 ? -12 : center < -6 ? 12 : 0))
    }
    if keys.isEmpty { keys = [(0, signatures[0].key.key, 0)] }
    self.keys = keys
  }

  /// The signature that a measure begins with; nil where it has that of the measure before.
  func signature(at measure: NotationGrid.Measure, isFirst: Bool) -> KeySignature? {
    let here = signatures.last { $0.place > measure.start - NotationGrid.quarter / 8 && $0.place < measure.end }
    if let here { return here.key }
    guard isFirst else { return nil }
    return (signatures.last { $0.place <= measure.start } ?? signatures[0]).key
  }

  func spelling(of pitch: Pitch, at place: Int) -> SpelledPitch {
    let next = keys.partitioningIndex { $0.place > place }
    let (_, key, shift) = keys[max(0, next - 1)]
    return SpelledPitch(pitch, lineOfFifths: key.lineOfFifths(of: pitch.pitchClass) + shift)
  }
}

extension KeySignature {
  /// The usual signature of a key.
  fileprivate init(key: Key) {
    self.init(tick: .zero, sharps: key.lineOfFifths - (key.isMinor ? 3 : 0), isMinor: key.isMinor)
  }
}
