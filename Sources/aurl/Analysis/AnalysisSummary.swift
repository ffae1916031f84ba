import AnalysisReport
import Files
import MusicAnalysis
import MusicCore
import Terminal
import Text

/// A summary of an analysis in a few lines.
struct AnalysisSummary {
  let text: String

  init(_ document: AnalysisDocument, score: Score, style: TextStyle) {
    let analysis = document.analysis
    var lines = [style.bold(printable(document.file))]
    func add(_ name: String, _ value: String?) {
      if let value, !value.isEmpty { lines.append("  \(style.dim(name.padded(to: 12)))\(value)") }
    }
    add("duration", "\(Self.clock(analysis.seconds)), \(analysis.notes.counted("note"))")
    let isSilent = analysis.notes == 0
    if isSilent { add("music", "not enough to analyze") }
    if let rhythm = analysis.rhythm {
      add("tempo", Self.tempo(rhythm))
      add("meter", Self.meter(rhythm))
      add("rhythm", Self.feel(rhythm))
    }
    if let harmony = analysis.harmony {
      add("key", harmony.key.map(Self.key) ?? "not enough music")
      add("", harmony.keySignature.flatMap(Self.signature))
      add("local keys", harmony.localKeys.count > 1 ? Self.localKeys(harmony.localKeys) : nil)
      add("chords", Self.chords(harmony))
      add("", Self.progression(harmony.chords))
      add("cadences", Self.cadences(harmony.cadences))
    }
    if let form = analysis.form { add("form", Self.form(form)) }
    if let melody = analysis.melody { add("melody", Self.melody(melody, Spelling(analysis.harmony))) }
    if let dynamics = analysis.dynamics {
      add("dynamics", Self.dynamics(dynamics))
      add("", Self.balance(dynamics))
    }
    if let metrics = analysis.metrics, metrics.pitchesUsed > 0 { add("texture", Self.texture(metrics)) }
    text = lines.joined(separator: "\n")
  }

  // MARK: Rhythm

  private static func tempo(_ rhythm: RhythmAnalysis) -> String? {
    guard let tempo = rhythm.tempoBPM, let source = rhythm.beatSource else { return "not enough music" }
    let changes = rhythm.tempoVariation ?? 0
    let steadiness = changes < 0.005 ? "steady" : "varying by \(percent(changes))"
    let confidence = rhythm.beatConfidences.reduce(0, +) / Double(max(1, rhythm.beatConfidences.count))
    let origin = source == .tempoMap ? "from the file" : "estimated from the notes (\(percent(confidence)))"
    return "\(decimal(tempo, 1)) beats a minute, \(steadiness); \(origin)"
  }

  private static func meter(_ rhythm: RhythmAnalysis) -> String? {
    guard let meter = rhythm.meter else { return nil }
    let others = rhythm.meters.count - 1
    let changes = others > 0 ? ", \(others.counted("change"))" : ""
    let hasPickup = rhythm.firstBarNumber == 0
    let bars = rhythm.downbeatsSeconds.count - (hasPickup ? 1 : 0)
    return "\(meter)\(changes), \(bars.counted("bar"))\(hasPickup ? " after a pickup" : "")"
  }

  private static func feel(_ rhythm: RhythmAnalysis) -> String {
    var parts: [String] = []
    if let density = rhythm.onsetsPerSecond { parts.append("\(decimal(density, 1)) onsets a second") }
    if let swing = rhythm.swingRatio, swing > 1.2 { parts.append("swing \(decimal(swing, 2)) : 1") }
    if let syncopation = rhythm.syncopation { parts.append("syncopation \(decimal(syncopation, 2)) a bar") }
    if let groove = rhythm.grooveConsistency { parts.append("bars \(percent(groove)) alike") }
    if let poly = rhythm.polyrhythms.first { parts.append("\(poly.ratio) in \(poly.beats.counted("beat"))") }
    return parts.joined(separator: ", ")
  }

  // MARK: Harmony

  private static func key(_ key: KeyEstimate) -> String {
    let others = key.alternatives.filter { $0.confidence >= 0.02 }.prefix(2)
      .map { "\($0.name) \(percent($0.confidence))" }
    let mode = key.mode == (key.name.isMinor ? .aeolian : .ionian) ? "" : ", \(key.mode.rawValue)"
    return "\(key.name)\(doubt(key.confidence)) (\(percent(key.confidence)))\(mode)"
      + (others.isEmpty ? "" : "; else \(others.joined(separator: ", "))")
  }

  private static func signature(_ check: KeySignatureCheck) -> String? {
    check.isConflict ? "but the file is written in \(check.written)" : nil
  }

  private static func localKeys(_ spans: [KeySpan]) -> String {
    let shown = spans.prefix(6).map { "\(clock($0.start)) \($0.name)\(doubt($0.confidence))" }
    return shown.joined(separator: ", ") + (spans.count > 6 ? ", … (\(spans.count))" : "")
  }

  private static func chords(_ harmony: HarmonyAnalysis) -> String? {
    guard !harmony.chords.isEmpty else { return nil }
    let rhythm = harmony.harmonicRhythm.map { ", one every \(decimal($0.meanBeatsPerChord, 1)) beats" }
    return harmony.chords.count.counted("chord") + (rhythm ?? "")
  }

  private static func progression(_ chords: [ChordSpan]) -> String? {
    guard !chords.isEmpty else { return nil }
    let names = chords.prefix(8).map { chord in
      chord.symbol + doubt(chord.confidence) + (chord.romanNumeral.map { " (\($0))" } ?? "")
    }
    return names.joined(separator: "  ") + (chords.count > 8 ? "  …" : "")
  }

  /// The confident cadences by kind, and the number of uncertain ones.
  private static func cadences(_ cadences: [Cadence]) -> String {
    let sure = cadences.filter { Confidence.isSure($0.confidence) }
    let unsure = cadences.count - sure.count
    return [counted(sure.map { $0.kind.words }), unsure > 0 ? "\(unsure) uncertain" : ""]
      .filter { !$0.isEmpty }.joined(separator: "; ")
  }

  /// A question mark if the result is more likely wrong than right.
  private static func doubt(_ confidence: Double) -> String { Confidence.isSure(confidence) ? "" : "?" }

  /// The sections, if there are several.
  private static func form(_ form: FormAnalysis) -> String? {
    let names = form.sections.map(\.name)
    return names.count < 2 ? nil : names.prefix(16).joined(separator: " ") + (names.count > 16 ? " …" : "")
  }

  // MARK: Melody and dynamics

  private static func melody(_ melody: MelodyAnalysis, _ spelling: Spelling) -> String? {
    guard let low = melody.lowestPitch, let high = melody.highestPitch else { return nil }
    var parts = [[low, high].map { spelling.name(of: $0, at: .zero) }.joined(separator: "–")]
    if let steps = melody.stepShare, let leaps = melody.leapShare {
      parts.append("\(percent(steps)) steps, \(percent(leaps)) leaps")
    }
    if let best = melody.motives.first {
      parts.append("\(melody.motives.count.counted("motive")), the first \(best.occurrences.count) times")
    }
    return parts.joined(separator: ", ")
  }

  private static func dynamics(_ dynamics: DynamicsAnalysis) -> String? {
    guard let level = dynamics.level, let mean = dynamics.meanVelocity else { return nil }
    let crescendi = dynamics.hairpins.count { $0.kind == .crescendo }
    let diminuendi = dynamics.hairpins.count - crescendi
    var parts = ["\(level) (velocity \(decimal(mean, 0)))"]
    if crescendi > 0 { parts.append(crescendi == 1 ? "1 crescendo" : "\(crescendi) crescendi") }
    if diminuendi > 0 { parts.append(diminuendi == 1 ? "1 diminuendo" : "\(diminuendi) diminuendi") }
    if !dynamics.accents.isEmpty { parts.append(dynamics.accents.count.counted("accent")) }
    return parts.joined(separator: ", ")
  }

  private static func balance(_ dynamics: DynamicsAnalysis) -> String? {
    guard dynamics.hands.count == 2 else { return nil }
    let hands = dynamics.hands.map { "\($0.name) hand \(decimal($0.meanVelocity, 0))" }
    let lead = dynamics.melodyLead.map { lead in
      let amount = decimal(abs(lead), 0)
      return amount == "0" ? "" : ", melody \(amount) \(lead > 0 ? "louder" : "softer") than the rest"
    }
    return hands.joined(separator: ", ") + (lead ?? "")
  }

  private static func texture(_ metrics: MusicMetrics) -> String {
    var parts = ["\(metrics.pitchesUsed) pitches"]
    if let polyphony = metrics.polyphony { parts.append("\(decimal(polyphony, 1)) sound together") }
    if let share = metrics.pitchInScaleRate { parts.append("\(percent(share)) in the scale") }
    return parts.joined(separator: ", ")
  }

  // MARK: Numbers

  private static func percent(_ share: Double) -> String { "\(Int((100 * share).rounded())) %" }

  private static func clock(_ time: Seconds) -> String { Seconds(time.rawValue.rounded()).clockText }

  /// Words with their counts in descending order, such as `4 half, 2 plagal`.
  private static func counted(_ words: [String]) -> String {
    let counts = Dictionary(words.map { ($0, 1) }, uniquingKeysWith: +)
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($1) \($0)" }.joined(separator: ", ")
  }
}

extension ChordSpan {
  /// The chord symbol, as in a lead sheet, such as `F#m7/A`.
  var symbol: String {
    let suffix =
      switch quality {
      case .maj: ""
      case .min: "m"
      case .dim: "°"
      case .aug: "+"
      case .min7: "m7"
      case .hdim7: "ø7"
      case .dim7: "°7"
      case .minmaj7: "m(maj7)"
      case .maj6: "6"
      case .min6: "m6"
      case .sus2, .sus4, .dominant7, .maj7: quality.rawValue
      }
    return "\(root)\(suffix)\(bass == root ? "" : "/\(bass)")"
  }
}

extension Cadence.Kind {
  var words: String {
    switch self {
    case .perfectAuthentic: "perfect authentic"
    case .imperfectAuthentic: "imperfect authentic"
    case .half: "half"
    case .plagal: "plagal"
    case .deceptive: "deceptive"
    }
  }
}
