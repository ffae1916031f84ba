import ArgumentParser
import Improvisation
import MusicCore

/// The options that say how the model plays while the human does.
struct AccompanimentArguments: ParsableArguments {
  @Option(help: "The most onsets of the model with --mode accompany, as a part of yours, 0 to 1.")
  var share = 0.7

  @Option(
    help: ArgumentHelp(
      "What you hold here, such as C2-B3, is the chord of the model's notes with --mode accompany.", valueName: "range")
  )
  var zone: PitchRange?

  @Flag(help: "The chord of --zone stays when you let go of it, until you strike another.")
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
