import ArgumentParser
import Terminal

struct Render: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Render MIDI or token files to audio files.",
    discussion: helpText(
      [
        "song.mid to song.wav": "aurl render song.mid",
        "An MP3 at full level": "aurl render song.mid -o song.mp3 --normalize",
      ],
      """
      The extension of the output selects the format: .wav, .flac, .ogg, .opus or .mp3; - is a WAV stream on standard \
      output. Several files, and folders, are rendered to the folder -o DIR. Without -o, song.mid is rendered to song.wav in \
      the same folder, unless that file exists.
      """))

  @Argument(help: "MIDI or token files, or folders of them; - is standard input.", completion: .music)
  var files: [String]

  @Option(name: .shortAndLong, help: "The audio file, or the folder for several.", completion: .file())
  var output: String?

  @Flag(help: "Without -o, replace existing audio files.")
  var force = false

  @Option(help: "Write one audio file per track to this folder.", completion: .directory)
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
