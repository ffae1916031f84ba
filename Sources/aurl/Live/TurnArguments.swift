import ArgumentParser
import Improvisation
import MusicCore

/// The options of turn-taking.
struct TurnArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The signals that give the turn to the model, separated by commas: pause, cc:NUMBER, note:NUMBER, program:NUMBER, bars:NUMBER, key (the space bar); or none. Default: pause,cc:67,key.",
      valueName: "ways"))
  var handover: Handovers = .standard

  @Option(help: .time("The pause after which it is the model's turn. Default: 1 s."), transform: parseTime)
  var pause: Double?

  @Option(help: .time("The longest time from a pause to the model's first note."), transform: parseTime)
  var entry = 0.6

  @Option(help: ArgumentHelp("The length of an answer: match (as long as the call), or a time.", valueName: "length"))
  var answer = KeywordArgument<DuetSettings.AnswerLength>.standard("match")

  @Option(
    help: ArgumentHelp(
      "What happens to the model's sounding notes when you come in: finish (they end as planned), cut, or a number of milliseconds after which they end.",
      valueName: "how"))
  var yield = KeywordArgument<DuetSettings.Yielding>.standard("150")

  @Option(
    help: .time(
      "How long the model plays alone before it stops, with --mode continue (default: 20 s) or accompany (default: 4 s)."
    ),
    transform: parseTime)
  var patience: Double?

  func validate() throws {
    func check(_ condition: Bool, _ message: String) throws {
      guard condition else { throw ValidationError(message) }
    }
    try check((0.1...60).contains(pause ?? 1), "--pause takes 0.1 to 60 seconds, not \(pause ?? 1).")
    try check(pause == nil || handover.pause != nil, "--pause needs pause among the signals of --handover.")
    try check((0...10).contains(entry), "--entry takes 0 to 10 seconds, not \(entry).")
    try check((2...3600).contains(patience ?? 20), "--patience takes 2 to 3600 seconds, not \(patience ?? 0).")
  }

  func apply(to settings: inout DuetSettings) {
    settings.turns.pause = handover.pause.map { Tick(ofSession: pause ?? $0) }
    settings.turns.callBars = handover.bars
    settings.entry = entry
    if let patience { (settings.patience, settings.turns.patience) = (patience, Tick(ofSession: patience)) }
    settings.signalEntry = min(settings.signalEntry, entry)
    (settings.answer, settings.yielding) = (answer.meaning, yield.meaning)
  }
}

extension Handovers: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }

  public var defaultValueDescription: String { "pause,cc:67,key" }
}

extension DuetSettings.AnswerLength: KeywordOrValue {
  static var keywords: [String: Self] { ["match": .match] }

  init?(value: String) {
    guard let length = try? parseTime(value), (1...600).contains(length) else { return nil }
    self = .seconds(length)
  }
}

extension DuetSettings.Yielding: KeywordOrValue {
  static var keywords: [String: Self] { ["finish": .finish, "cut": .cut] }

  init?(value: String) {
    guard let milliseconds = Double(value), (0...5000).contains(milliseconds) else { return nil }
    self = .within(milliseconds / 1000)
  }
}
