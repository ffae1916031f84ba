import ArgumentParser
import Terminal

struct Render: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn MIDI or token files into sound.",
    discussion: helpText(
      [
        "song.wav of song.mid": "aurl render song.mid",
        "An MP3 at a full level": "aurl render song.mid -o song.mp3 --normalize",
      ],
      """
      The extension of the output says what it becomes: .wav, .flac, .ogg, .opus or .mp3; - is a WAV stream on standard \
      output. Several files, or a folder, go into the folder that -o names. Without -o, song.mid becomes song.wav beside \
      it, where there is no such file yet.
      """))

  @Argument(help: "MIDI or token files, or folders of them; - is standard input.", completion: .music)
  var files: [String]

  @Option(name: .shortAndLong, help: "The sound file, or the folder for several.", completion: .file())
  var output: String?

  @Flag(help: "Without -o, replace sound files that are there.")
  var force = false

  @Option(help: "A folder that gets one sound file for each track.", completion: .directory)
  var stems: String?

  @OptionGroup var sound: SoundOptions

  @OptionGroup var work: JobsOptions

  @OptionGroup var printing: JSONOptions

  @OptionGroup var messages: QuietOptions

  func validate() throws {
    if force, output != nil || stems != nil { throw ValidationError("--force goes without -o and --stems.") }
    if stems != nil, files.count > 1 { throw ValidationError("--stems takes one file at a time.") }
    if stems != nil, sound.normalize {
      throw ValidationError("--normalize would change the balance of --stems; use --gain.")
    }
  }

  func run() async throws {
    let settings = try sound.settings()
    var batch = RenderBatch(settings: settings, isJSON: printing.isJSON, isQuiet: messages.isQuiet)
    try sound.check(output)
    if let stems { try batch.addStems(of: files[0], to: stems, container: sound.container) }
    if let output {
      try batch.add(files, to: output, container: sound.container)
    } else if stems == nil {
      try batch.addBeside(files, container: sound.container, replacing: force)
    }
    try await batch.run(jobs: work.count)
  }
}
