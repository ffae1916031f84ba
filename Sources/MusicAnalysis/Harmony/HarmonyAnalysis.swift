public import MusicCore

/// The harmony of a piece; parts for which there is not enough music are nil or empty.
public struct HarmonyAnalysis: Hashable, Sendable, Codable {
  public var key: KeyEstimate?
  /// Nil where the file has no key signature.
  public var keySignature: KeySignatureCheck?
  public var localKeys: [KeySpan]
  public var chords: [ChordSpan]
  public var cadences: [Cadence]
  public var harmonicRhythm: HarmonicRhythm?
  /// The share of each pitch class in the total duration, C first.
  public var pitchClasses: PitchClassProfile?
  public var pitchClassEntropyBits: Double?
  /// Over all beats, −1.428…1.24.
  public var meanConsonance: Double?
  public var tension: TonalTension?

  /// Analyses all notes of a score but drums.
  ///
  /// `beats` and `downbeats` rise. Chords change on half beats, and beats without music before and after are supplied,
  /// so a grid need not cover the piece; with fewer than two beats, 120 a minute are assumed.
  ///
  /// - Complexity: O(n log n) in notes, O(n) in beats.
  public init(_ score: Score, beats: [Seconds], downbeats: [Seconds] = []) {
    let frames = HarmonicFrames(score, beats: beats)
    let decoder = ChordDecoder(frames)
    let local = LocalKeys(frames, chordStates: decoder.states)
    key = KeyEstimate(frames, chordStates: decoder.states, local)
    keySignature = key.flatMap { KeySignatureCheck(score, $0) }
    localKeys = key == nil ? [] : local.spans(frames)
    let hasChords = frames.profile.weights.count { $0 > 0 } >= KeyEstimate.minimumPitchClasses
    chords = hasChords ? ChordSpans.spans(frames, decoder, local) : []
    cadences = CadenceFinder(frames, local).cadences(chords)
    harmonicRhythm = HarmonicRhythm(chords, frames, downbeats: downbeats)
    pitchClasses = frames.profile.total > 0 ? frames.profile.normalized : nil
    pitchClassEntropyBits = frames.profile.entropyBits
    tension = TonalTension(frames, local)
    meanConsonance = tension.map { $0.consonance.reduce(0, +) / Double($0.consonance.count) }
  }
}
