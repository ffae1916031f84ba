import Alignment
import AnalysisReport
import Files
import MusicAnalysis
import MusicCore
import Terminal
import Text

/// A summary in a few lines of a take compared with its reference.
struct TakeSummary {
  let text: String

  /// - Parameter spelling: the spelling of the reference's pitches.
  init(_ document: TakeDocument, spelling: Spelling, style: TextStyle) {
    let measures = document.measures
    var lines = [style.bold("\(printable(document.file)) against \(printable(document.reference))")]
    func add(_ name: String, _ value: String?) {
      if let value, !value.isEmpty { lines.append("  \(style.dim(name.padded(to: 12)))\(value)") }
    }
    add("doubtful", measures.isDoubtful ? "few notes agree: is it the same piece, in the same key?" : nil)
    add("played", Self.played(measures))
    add("notes", Self.notes(measures))
    add("tempo", measures.tempo.map { Self.tempo($0, measures.bars) })
    for hand in measures.hands { add("\(hand.hand.rawValue) hand", Self.hand(hand)) }
    add("together", measures.together.map(Self.together))
    let mistakes = measures.notes.filter { $0.kind != .right }
    for (index, note) in mistakes.prefix(Self.mostMistakes).enumerated() {
      add(index == 0 ? "mistakes" : "", Self.mistake(note, spelling))
    }
    if mistakes.count > Self.mostMistakes { add("", "… (\(mistakes.count); all of them with --json or --html)") }
    text = lines.joined(separator: "\n")
  }

  private static let mostMistakes = 12

  private static func played(_ measures: TakeMeasures) -> String {
    let spans = measures.passages.prefix(6).map { span -> String in
      guard let first = span.startBar, let last = span.endBar else {
        return "\(clock(span.referenceStartSeconds))–\(clock(span.referenceEndSeconds))"
      }
      return first == last ? "bar \(first)" : "bars \(first)–\(last)"
    }
    let more = measures.passages.count > 6 ? ", … (\(measures.passages.count))" : ""
    let rest = measures.notReached > 0 ? "; \(measures.notReached.counted("note")) never reached" : ""
    return spans.joined(separator: ", then ") + more + rest
  }

  private static func notes(_ measures: TakeMeasures) -> String {
    let counts = measures.counts
    let share = Double(counts.right) / Double(max(1, counts.expected))
    return "\(counts.right) of \(counts.expected) right (\(decimal(100 * share, 1)) %); "
      + "\(counts.wrong) wrong, \(counts.missing) missing, \(counts.extra) extra"
  }

  private static func tempo(_ tempo: TakeTempo, _ bars: [TakeBar]) -> String {
    var parts = [
      "\(decimal(tempo.beatsPerMinute, 1)) beats a minute (reference \(decimal(tempo.referenceBeatsPerMinute, 1)))",
      "varying by \(decimal(100 * tempo.variation, 0)) % (\(decimal(100 * tempo.referenceVariation, 0)) %)",
    ]
    // Bars at the ends of passages may be played only partly.
    let inner = bars.dropFirst().dropLast()
    if let slow = inner.min(by: { $0.beatsPerMinute < $1.beatsPerMinute }),
      let fast = inner.max(by: { $0.beatsPerMinute < $1.beatsPerMinute }), slow.bar != fast.bar
    {
      parts.append("slowest in bar \(slow.bar) (\(decimal(slow.beatsPerMinute, 0)))")
      parts.append("fastest in bar \(fast.bar) (\(decimal(fast.beatsPerMinute, 0)))")
    }
    return parts.joined(separator: ", ")
  }

  private static func hand(_ hand: HandMeasures) -> String {
    let counts = hand.counts
    var parts = ["\(counts.right) of \(counts.expected) right"]
    if let timing = hand.timingUnevenness, let reference = hand.referenceTimingUnevenness {
      parts.append("equal notes uneven by \(decimal(timing, 1)) % (\(decimal(reference, 1)) %)")
    }
    if let velocity = hand.velocityUnevenness { parts.append("by \(decimal(velocity, 1)) in velocity") }
    if let velocity = hand.velocity { parts.append("velocity \(decimal(velocity, 0))") }
    if let length = hand.lengthRatio { parts.append("notes held \(decimal(100 * length, 0)) % of their length") }
    return parts.joined(separator: ", ")
  }

  private static func together(_ together: Asynchrony) -> String {
    let mean = decimal(abs(together.meanMilliseconds), 0)
    let lead =
      mean == "0"
      ? "hands together in the mean" : "\(together.meanMilliseconds < 0 ? "right" : "left") hand \(mean) ms first"
    return "\(lead), ± \(decimal(together.deviationMilliseconds, 0)) ms, in \(together.chords.counted("chord"))"
  }

  private static func mistake(_ note: TakeMeasures.Note, _ spelling: Spelling) -> String {
    let place =
      note.bar.map { "bar \($0) beat \(shortened(note.beat ?? 1, 2))" } ?? clock(note.startSeconds)
    let time = note.referenceStartSeconds ?? note.startSeconds
    func name(_ pitch: UInt8?) -> String { pitch.map { spelling.name(of: Pitch(masking: $0), at: time) } ?? "" }
    let what =
      switch note.kind {
      case .wrong: "\(name(note.pitch)) for \(name(note.referencePitch))"
      case .missing: "\(name(note.referencePitch)) missing"
      case .extra: "\(name(note.pitch)) extra"
      case .right: ""
      }
    return "\(place), \(note.hand.rawValue) hand: \(what)"
  }

  private static func clock(_ time: Seconds) -> String { Seconds(time.rawValue.rounded()).clockText }
}
