import ArgumentParser
import Terminal

/// `aurl notate`: transcription to notation.
struct Notate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Transcribe music to notation (MusicXML).",
    discussion: helpText(
      [
        "A score for notation programs": "aurl notate song.mid -o song.musicxml",
        "A PDF, engraved by MuseScore": "aurl notate song.mid -o song.pdf",
        "A folder": "aurl notate music -o scores",
      ],
      """
      Notes are quantized to the beats that "aurl analyze" finds, keyboard music is split into two staves by hands, and \
      pitches are spelled by the local key. Drums are omitted. One file is written to standard output or to -o FILE: \
      .musicxml, .xml, compressed .mxl, or .pdf, .png or .svg if MuseScore is installed. Several files, and folders, are \
      written to the folder -o DIR.
      """))

  @Argument(help: "MIDI or token files or folders, or - for standard input.", completion: .music)
  var files: [String]

  @Option(name: .shortAndLong, help: "The file to write, or the folder for several.", completion: .file())
  var output: String?

  @OptionGroup var work: JobsOptions

  @OptionGroup var printing: JSONOptions

  @OptionGroup var messages: QuietOptions

  func run() async throws {
    if BatchInput.isNeeded(for: files) {
      let batch = FolderBatch(
        verb: "notated", kind: .midiOrTokens, folder: try FolderBatch.folder(output), counts: [.notes],
        jobs: work.count, isJSON: printing.isJSON, isQuiet: messages.isQuiet)
      try await batch.run(files) { input, conversion throws(Failure) in
        let notation = try NotatedFile(input.path, isQuiet: true)
        conversion[.notes] = notation.noteCount
        try conversion.write(notation.bytes, to: "\(input.result).musicxml")
      }
    } else {
      var conversion = try Conversion.single(files[0], to: output, counts: [.notes], isJSON: printing.isJSON)
      let format = try NotationFormat(path: output)
      let notation = try NotatedFile(files[0], isQuiet: messages.isQuiet)
      try format.write(notation, to: output)
      conversion[.notes] = notation.noteCount
      if printing.isJSON { try conversion.printJSON(output: output) }
    }
  }
}
