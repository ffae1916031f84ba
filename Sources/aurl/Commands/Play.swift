import ArgumentParser
import MusicCore
import Playing
import Terminal

struct Play: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play MIDI and token files, on the sound device or a MIDI port.",
    discussion: helpText(
      [
        "On the sound device, from 1:30 on": "aurl play song.mid --start 1:30",
        "Ten seconds in a loop, slowly, without the left hand":
          "aurl play song.mid --loop 0:10-0:20 --speed 0.5 --mute left",
        "On a synthesizer named FLUID": "aurl play song.mid --to FLUID",
      ],
      """
      Without --to and --port it plays on the sound device. Then space pauses, the left and right arrow keys seek by 5 s, \
      n skips to the next file and q quits. Ctrl-C ends every note.
      """))

  @Argument(
    help: "The MIDI or token files to play, one after the other; - is standard input.", completion: .music)
  var files: [String]

  @Option(
    help: ArgumentHelp("Play on this port: its number, name, or a part of the name.", valueName: "port"),
    completion: .outputPorts)
  var to: String?

  @Flag(help: "Create a port, and start when it is connected.")
  var port = false

  @OptionGroup(title: "Music") var selection: PlayArguments

  @OptionGroup(title: "Sound") var sound: LiveSoundOptions

  @OptionGroup var messages: QuietOptions

  func validate() throws {
    if to != nil, port { throw ValidationError("--to and --port exclude each other.") }
    if sound.isUsed, to != nil || port {
      throw ValidationError("--soundfont, --audio and --gain are for the sound device, without --to and --port.")
    }
    if files.count > 1, selection.loop != nil || selection.repeat {
      throw ValidationError("--loop and --repeat take one file.")
    }
  }

  func run() async throws {
    if to != nil || port {
      for file in files { try await playOnPort(file) }
    } else {
      let pieces = try files.map { try PlayedPiece($0, selection) }
      try await SoundingSession(
        pieces: pieces, arguments: selection, progress: SharedProgressLine(isQuiet: messages.isQuiet)
      ).run(on: sound.synthesizer())
    }
  }

  private func playOnPort(_ file: String) async throws {
    let piece = try PlayedPiece(file, selection)
    try await PlayingSession(
      performance: piece.performance, to: to, start: selection.begin, speed: selection.speed,
      isLooping: selection.isLooping, progress: SharedProgressLine(isQuiet: messages.isQuiet)
    ).run()
  }
}
