public import MusicCore

/// The harmony of a piece. Results for which the piece is too short are nil or empty.
public struct HarmonyAnalysis: Hashable, Sendable, Codable {
  /// The key of the whole piece; nil if there is too little music.
  public var key: KeyEstimate?
  /// The comparison with the key signature; nil if the file has none.
  public var keySignature: KeySignatureCheck?
  /// The local keys, in order.
  public var localKeys: [KeySpan]
  /// The chords, in order.
  public var chords: [ChordSpan]
  /// The cadences, in order.
  public var cadences: [Cadence]
  /// The rate of chord changes; nil without chords.
  public var harmonicRhythm: HarmonicRhythm?
  /// The share of each pitch class in the total duration, C first.
  public var pitchClasses: PitchClassProfile?
  /// The entropy of the distribution of pitch classes, in bits.
  public var pitchClassEntropyBits: Double?
  /// The mean consonance over all beats, −1.428…1.24.
  public var meanConsonance: Double?
  /// The tension of the chords relative to their key.
  public var tension: TonalTension?

  /// Analyzes all notes of a score except drums.
  ///
  /// `beats` and `downbeats` are increasing. Chords change on half beats. The beats are extrapolated, so they need not
  /// cover the piece; if there are fewer than two, 120 per minute are assumed.
  ///
  /// - Complexity: O(n log n) in notes, O(n) in beats.
  public init(_ score: Score, beats: [Seconds], downbeats: [Seconds] = []) {
    self.init(score, BeatGrid(beats, downbeats: downbeats), beats: BeatGrid(beats), downbeats: downbeats)
  }

  /// The key of a score without known beats, as `init` finds it, in a third of the time.
  package static func key(of score: Score) -> KeyEstimate? {
    let frames = HarmonicFrames(score, BeatGrid([], downbeats: []))
    let decoder = ChordDecoder(frames)
    return KeyEstimate(
      frames, chordStates: decoder.states, LocalKeys(frames, chordStates: decoder.states, .regions))
  }

  /// Analyzes all notes of a score except drums on a metrical grid.
  init(_ score: Score, _ grid: MetricalGrid) {
    self.init(score, BeatGrid(grid), beats: BeatGrid(grid.beatsSeconds), downbeats: grid.downbeatsSeconds)
  }

  private init(_ score: Score, _ grid: BeatGrid, beats: BeatGrid, downbeats: [Seconds]) {
    let frames = HarmonicFrames(score, grid)
    var decoder = ChordDecoder(frames)
    let regions = LocalKeys(frames, chordStates: decoder.states, .regions)
    key = KeyEstimate(frames, chordStates: decoder.states, regions)
    let style = HarmonicStyle(decoder.states, frames)
    let isCommonPractice = style.isCommonPractice
    let settings: LocalKeys.Settings = isCommonPractice ? .commonPractice : .modulations
    var local = style.modulates ? LocalKeys(frames, chordStates: decoder.states, settings, home: key?.name) : regions
    local.home = key?.name
    var sixFours = Set<Int>()
    if key != nil, isCommonPractice {
      decoder = decoder.decoded(frames, in: local)
      var reader = ChordReader(frames, local, decoder.states)
      reader.read()
      decoder.states = reader.states
      sixFours = reader.sixFours
      local = LocalKeys(frames, chordStates: decoder.states, settings, home: key?.name)
    }
    keySignature = key.flatMap { KeySignatureCheck(score, $0) }
    localKeys = key == nil ? [] : local.spans(frames)
    let hasChords = frames.profile.weights.count { $0 > 0 } >= KeyEstimate.minimumPitchClasses
    chords =
      hasChords ? ChordSpans.spans(frames, decoder, local, sixFours: sixFours, isCommonPractice: isCommonPractice) : []
    cadences = key == nil ? [] : CadenceFinder(frames, local, sixFours: sixFours).cadences(chords)
    harmonicRhythm = HarmonicRhythm(chords, frames, beats: beats, downbeats: downbeats)
    pitchClasses = frames.profile.total > 0 ? frames.profile.normalized : nil
    pitchClassEntropyBits = frames.profile.entropyBits
    tension = TonalTension(frames, local)
    meanConsonance = tension.map { $0.consonance.reduce(0, +) / Double($0.consonance.count) }
  }
}
