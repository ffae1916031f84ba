import MusicCore
import MusicXML
import Terminal
import Transcription

/// The notation of a file.
struct NotatedFile: Sendable {
  let score: NotatedScore

  /// The MusicXML document.
  var bytes: [UInt8] { MusicXML.bytes(of: score) }

  /// - Throws: `Failure` where the file cannot be read, or holds nothing to write down.
  init(_ path: String, isQuiet: Bool) throws(Failure) {
    let score = try Input.score(path, isQuiet: isQuiet)
    guard let notated = NotatedScore(transcribing: score) else {
      let what = score.noteCount == 0 ? "holds no notes" : "holds too little music but drums to find its beats"
      throw Failure(.malformedInput, Input.name(of: path), what)
    }
    let drums = score.notes(areDrums: true).count
    if drums > 0, !isQuiet { Message.note("\(Input.name(of: path)): \(drums) notes of drums are left out") }
    self.score = notated
  }

  /// The document without the tempos that only playing needs: MuseScore prints them all.
  var engravedBytes: [UInt8] {
    var engraved = score
    for part in engraved.parts.indices {
      for measure in engraved.parts[part].measures.indices {
        engraved.parts[part].measures[measure].tempos.removeAll { !$0.isPrinted }
      }
    }
    return MusicXML.bytes(of: engraved)
  }
}

/// Notates many files into a folder.
struct NotationBatch {
  let options: Notate
  let folder: String

  func run(_ paths: [String]) async throws {
    let inputs = try BatchInput.all(paths, of: .midiOrTokens)
    try Output.createFolder(folder)
    let files = InputFiles(inputs.map(\.path))
    let batch = Batch(
      names: inputs.map(\.name), jobs: options.jobs ?? Environment.processorCount, verb: "notated",
      progress: FileProgress(isQuiet: options.quiet))
    let notation = self
    let tally = try await batch.run { index in
      notation.notate(inputs[index], inputs: files)
    } deliver: { _, failure in
      failure
    }
    if !options.quiet { Message.note(tally.summary) }
    try tally.check()
  }

  /// What failed, or nil.
  private func notate(_ input: BatchInput, inputs: InputFiles) -> Failure? {
    do throws(Failure) {
      try input.check()
      let notation = try NotatedFile(input.path, isQuiet: true)
      let path = "\(folder)/\(input.result).musicxml"
      try Output.createParent(of: path)
      try inputs.check(path)
      try Output.write(notation.bytes, to: path)
      return nil
    } catch { return error }
  }
}
