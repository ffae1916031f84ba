import ArgumentParser
import Improvisation
import MusicCore

/// The options of the accompaniment.
struct AccompanimentArguments: ParsableArguments {
  @Option(help: "With --mode accompany, the maximum number of the model's onsets as a fraction of yours, 0 to 1.")
  var share = 0.7

  @Option(
    help: ArgumentHelp(
      "With --mode accompany, the keys that you hold in this range, such as C2-B3, are the chord for the model's notes.",
      valueName: "range")
  )
  var zone: PitchRange?

  @Flag(help: "Keep the chord of --zone after you release it, until you play another.")
  var zoneLatch = false

  func validate() throws {
    guard (0...1).contains(share) else { throw ValidationError("--share takes 0 to 1, not \(share).") }
    guard zone != nil || !zoneLatch else { throw ValidationError("--zone-latch needs --zone.") }
  }

  func apply(to settings: inout DuetSettings) {
    settings.share = share
    settings.zone = zone.map { ChordZone($0.pitches, isLatched: zoneLatch) }
  }
}
