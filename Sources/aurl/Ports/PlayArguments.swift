import ArgumentParser
import MusicCore

/// The options that select the part of a file to play, and how.
struct PlayArguments: ParsableArguments {
  @Option(help: .time("Where to start: seconds, or minutes and seconds such as 1:30."), transform: parseTime)
  var start: Double?

  @Option(
    help: ArgumentHelp("Repeat a range of time, such as 0:10-0:20.", valueName: "from-to"),
    transform: TimeRange.init(argument:))
  var loop: TimeRange?

  @Flag(help: "Repeat the whole file.")
  var `repeat` = false

  @Option(help: "The speed relative to the written one.")
  var speed = 1.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Transpose up by this number of semitones, or down if negative; drums are unchanged.", valueName: "semitones"))
  var transpose = 0

  @Option(
    help: ArgumentHelp(
      "Mute a track: its number, name, or a part of the name. May be repeated.", valueName: "track"))
  var mute: [String] = []

  @Option(help: ArgumentHelp("Play only this track. May be repeated.", valueName: "track"))
  var solo: [String] = []

  func validate() throws {
    guard (0..<1e6).contains(start ?? 0) else {
      throw ValidationError("--start takes a time from 0, not \(start ?? 0).")
    }
    guard speed >= 0.01, speed <= 1000 else { throw ValidationError("--speed takes 0.01 to 1000, not \(speed).") }
    guard (-127...127).contains(transpose) else { throw ValidationError("--transpose takes -127 to 127 semitones.") }
    if start != nil, loop != nil { throw ValidationError("--start and --loop exclude each other.") }
    if `repeat`, loop != nil { throw ValidationError("--repeat and --loop exclude each other.") }
    if !mute.isEmpty, !solo.isEmpty { throw ValidationError("--mute and --solo exclude each other.") }
  }

  /// The start of playing, and of each round of a loop.
  var begin: Seconds { loop?.start ?? start.map { Seconds($0) } ?? .zero }

  var isLooping: Bool { loop != nil || `repeat` }
}
