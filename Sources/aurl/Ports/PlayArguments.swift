import ArgumentParser
import MusicCore

/// The options that say what of a file is played, and how.
struct PlayArguments: ParsableArguments {
  @Option(help: .time("Where to begin: seconds, or minutes and seconds such as 1:30."), transform: parseTime)
  var start: Double?

  @Option(
    help: ArgumentHelp("Play from one time to another again and again, such as 0:10-0:20.", valueName: "from-to"),
    transform: TimeRange.init(argument:))
  var loop: TimeRange?

  @Flag(help: "Play it again and again.")
  var `repeat` = false

  @Option(help: "How many times as fast as written.")
  var speed = 1.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Semitones higher, or lower where it is negative; drums stay.", valueName: "semitones"))
  var transpose = 0

  @Option(
    help: ArgumentHelp(
      "Leave a track out: its number, name, or a part of the name; again for others.", valueName: "track"))
  var mute: [String] = []

  @Option(help: ArgumentHelp("Play this track alone; again for others.", valueName: "track"))
  var solo: [String] = []

  func validate() throws {
    guard (0..<1e6).contains(start ?? 0) else {
      throw ValidationError("--start takes a time from 0, not \(start ?? 0).")
    }
    guard speed >= 0.01, speed <= 1000 else { throw ValidationError("--speed takes 0.01 to 1000, not \(speed).") }
    guard (-127...127).contains(transpose) else { throw ValidationError("--transpose takes -127 to 127 semitones.") }
    if start != nil, loop != nil { throw ValidationError("--start and --loop: one of the two.") }
    if `repeat`, loop != nil { throw ValidationError("--repeat and --loop: one of the two.") }
    if !mute.isEmpty, !solo.isEmpty { throw ValidationError("--mute and --solo: one of the two.") }
  }

  /// Where playing begins, and each round of a loop.
  var begin: Seconds { loop?.start ?? start.map { Seconds($0) } ?? .zero }

  var isLooping: Bool { loop != nil || `repeat` }
}
