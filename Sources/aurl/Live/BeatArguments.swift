import ArgumentParser
import Improvisation
import MusicCore

/// The options of tempo, meter, synchronization and quantization.
struct BeatArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The tempo if no MIDI clock is received. Your first note is the first beat, unless there is a count-in, a metronome or --clock-out.",
      valueName: "quarters per minute"))
  var bpm: Double?

  @Option(help: ArgumentHelp("The meter.", valueName: "meter"))
  var meter = KeywordArgument<Meter>.standard("4/4")

  @Option(help: "The number of bars that each plays with --mode trade.")
  var bars = 4

  @Option(help: ArgumentHelp("Count in this number of bars; needs --bpm.", valueName: "bars"))
  var countIn = 0

  @Flag(help: "Click on every beat, on channel 10 of the model's port.")
  var metronome = false

  @Flag(help: "Send MIDI clock from the model's port if none is received.")
  var clockOut = false

  @Flag(inversion: .prefixedNo, help: "Follow incoming MIDI clock.")
  var sync = true

  @Option(help: ArgumentHelp("Add this time to the times of incoming MIDI clock.", valueName: "milliseconds"))
  var syncOffset = 0.0

  @Option(
    help: ArgumentHelp(
      "The grid that the model's notes are quantized to if there are beats: auto (16 or 8t, whichever you play), off, 4, 8, 8t, 16, 16t or 32.",
      valueName: "note value"))
  var grid = KeywordArgument<Grid>.standard("auto")

  @Option(help: ArgumentHelp("The strength of quantization, 0 to 100.", valueName: "percent"))
  var strength = 100.0

  @Option(
    help: ArgumentHelp(
      "The position of the second of each pair of grid units, in percent of the pair: 50 is straight, 66 is triplet swing.",
      valueName: "percent")
  )
  var swing = 50.0

  func validate() throws {
    func check(_ condition: Bool, _ message: String) throws {
      guard condition else { throw ValidationError(message) }
    }
    try check((20...400).contains(bpm ?? 120), "--bpm takes 20 to 400, not \(bpm ?? 0).")
    try check((1...64).contains(bars), "--bars takes 1 to 64, not \(bars).")
    try check((0...8).contains(countIn), "--count-in takes 0 to 8 bars, not \(countIn).")
    try check(countIn == 0 || bpm != nil, "--count-in needs --bpm.")
    try check((-500...500).contains(syncOffset), "--sync-offset takes -500 to 500 ms, not \(syncOffset).")
    try check((50...75).contains(swing), "--swing takes 50 to 75, not \(swing).")
    try check((0...100).contains(strength), "--strength takes 0 to 100, not \(strength).")
  }

  /// Whether any option that needs ports is given.
  var needsPorts: Bool { countIn > 0 || metronome || clockOut || !sync || syncOffset != 0 }

  func apply(to settings: inout DuetSettings) {
    (settings.turns.meter, settings.bars, settings.tempo) = (meter.meaning, bars, bpm)
    (settings.grid, settings.strength, settings.swing) = (grid.meaning, strength / 100, swing / 100)
  }
}

extension Meter: KeywordOrValue {
  static var keywords: [String: Self] { [:] }

  init?(value: String) { self.init(value) }
}

extension Grid: KeywordOrValue {
  static var keywords: [String: Self] { ["auto": .auto, "off": .off] }

  init?(value: String) {
    guard let units = Self.values[value] else { return nil }
    self = .fixed(units)
  }
}
