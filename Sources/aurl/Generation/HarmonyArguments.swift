import ArgumentParser
import Generation
import Inference
import ModelFormat
import MusicAnalysis
import MusicCore
import Terminal

/// The chords, tempo and meter that a take follows.
struct HarmonyArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The chords to follow, a bar each, repeated to the end: "C Am F G7/B"; or bars with several chords: "| C Am | F G |". \
      none: no chord chart. Default: a chart that the model composes.
      """, valueName: "chords"))
  var chords: String?

  @Option(help: ArgumentHelp("Follow the chords of this file from its start.", valueName: "file"), completion: .file())
  var chordsOf: String?

  @Option(help: ArgumentHelp("Tempo of the chart in beats per minute, 30 to 300.", valueName: "bpm"))
  var tempo: Double?

  @Option(
    help: ArgumentHelp("Meter of the chart, such as 3/4 or 6/8.", valueName: "meter"),
    transform: parseMeter)
  var meter: Meter?

  func validate() throws {
    func check(_ condition: Bool, _ message: String) throws {
      guard condition else { throw ValidationError(message) }
    }
    if let chords, !isFree {
      do throws(ChordProgressionError) { _ = try ChordProgression(chords) } catch {
        throw ValidationError("--chords: \(error).")
      }
    }
    try check(chords == nil || chordsOf == nil, "--chords and --chords-of exclude each other.")
    try check((30...300).contains(tempo ?? 30), "--tempo takes 30 to 300 beats per minute, not \(tempo ?? 0).")
    try check((1...8).contains(meter?.beatsPerBar ?? 1), "--meter takes 1 to 8 beats per bar, such as 3/4 or 6/8.")
    try check(tempo == nil && meter == nil || !isFree && chordsOf == nil, "--tempo and --meter go with a chart.")
  }

  private static func parseMeter(_ text: String) throws -> Meter {
    let parts = text.split(separator: "/").compactMap { Int($0) }
    guard parts.count == 2, [1, 2, 4, 8, 16, 32].contains(parts[1]), (1...32).contains(parts[0]) else {
      throw ValidationError("--meter takes a time signature such as 3/4 or 6/8, not \"\(text)\".")
    }
    return Meter(numerator: parts[0], denominator: parts[1])
  }

  /// Whether takes follow no chart.
  private var isFree: Bool { chords == "none" }

  /// Whether any option asks for a chart.
  private var isGiven: Bool { (chords != nil && !isFree) || chordsOf != nil || tempo != nil || meter != nil }

  /// The harmony of takes.
  ///
  /// - Parameters:
  ///   - length: the longest take.
  ///   - isFreeByDefault: whether takes follow no chart unless an option asks for one.
  func harmony(
    _ model: Model, key: Key?, length: TokenTime, isFreeByDefault: Bool, isQuiet: Bool
  ) throws(Failure) -> Harmony {
    guard model.configuration.chart != nil else {
      if isGiven { throw Failure(.usage, nil, "this model reads no chord charts") }
      return .free
    }
    if isFree || isFreeByDefault && !isGiven { return .free }
    if let chordsOf {
      let chart = ChordChart(try SourceArguments.score(chordsOf, isQuiet: isQuiet))
      guard !chart.entries.isEmpty else { throw Failure(.malformedInput, chordsOf, "it has no chords to follow") }
      return .given(chart)
    }
    let secondsPerBeat = tempo.map { 60 / $0 }
    if let chords {
      do throws(ChordProgressionError) {
        return .given(
          try ChordProgression(chords).chart(
            ofLength: length, key: key, beatsPerBar: meter?.beatsPerBar ?? 4, secondsPerBeat: secondsPerBeat ?? 0.5))
      } catch { throw Failure(.usage, "--chords", error.description) }
    }
    var sampling = ChartSampling()
    sampling.key = key
    sampling.beatsPerBar = meter?.beatsPerBar
    sampling.secondsPerBeat = secondsPerBeat
    return .composed(sampling)
  }
}
