internal import MusicAnalysis
internal import MusicCore
internal import MusicXML

/// The key signatures of a score, and the spelling of its pitches in the local keys.
struct Speller {
  private let signatures: [(place: Int, key: KeySignature)]
  private let spelling: Spelling
  private let grid: NotationGrid

  init(_ score: Score, _ grid: NotationGrid) {
    let rhythm = RhythmAnalysis(score)
    let harmony = HarmonyAnalysis(score, beats: rhythm.beatsSeconds, downbeats: rhythm.downbeatsSeconds)
    (spelling, self.grid) = (Spelling(harmony), grid)
    if score.keySignatures.isEmpty {
      let key = harmony.key.map { KeySignature(key: $0.name) }
      signatures = [(0, key ?? KeySignature(tick: 0, sharps: 0, isMinor: false))]
    } else {
      signatures = score.keySignatures.map { (Int(grid.place(of: $0.tick).rounded()), $0) }
    }
  }

  /// The key signature at the start of a measure; nil if it is that of the previous measure.
  func signature(at measure: NotationGrid.Measure, isFirst: Bool) -> KeySignature? {
    let here = signatures.last { $0.place > measure.start - NotationGrid.quarter / 8 && $0.place < measure.end }
    if let here { return here.key }
    guard isFirst else { return nil }
    return (signatures.last { $0.place <= measure.start } ?? signatures[0]).key
  }

  /// The spelling of a pitch by its chord and the local key. Of two spellings of the key, such as F♯ and G♭ major, the
  /// one nearer to the key signature is used.
  func spelling(of pitch: Pitch, at place: Int) -> SpelledPitch {
    let time = grid.time(at: place)
    let signature = (signatures.last { $0.place <= place } ?? signatures[0]).key
    let distance = (spelling.key(at: time)?.sharps ?? signature.sharps) - signature.sharps
    let shift = distance > 6 ? -12 : distance < -6 ? 12 : 0
    let name = spelling.name(of: pitch.pitchClass, at: time)
    return SpelledPitch(pitch, spelled: NoteName(fifths: name.fifths + shift))
  }
}

extension KeySignature {
  /// The usual signature of a key.
  fileprivate init(key: Key) {
    self.init(tick: .zero, sharps: KeyName(key).sharps, isMinor: key.isMinor)
  }
}
