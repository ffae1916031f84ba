import MusicCore
import MusicXML
import Terminal
import Transcription

/// The notation of a file.
struct NotatedFile: Sendable {
  let score: NotatedScore
  /// The number of transcribed notes.
  let noteCount: Int

  /// The MusicXML document.
  var bytes: [UInt8] { MusicXML.bytes(of: score) }

  /// The document in a ZIP archive, as `.mxl` files are.
  func compressedBytes(_ path: String) throws(Failure) -> [UInt8] {
    do throws(MusicXMLError) { return try MusicXML.compressedBytes(of: score) } catch {
      throw Failure(.malformedInput, path, error.description)
    }
  }

  /// - Throws: `Failure` if the file cannot be read, or has nothing to transcribe.
  init(_ path: String, isQuiet: Bool) throws(Failure) {
    let score = try Input.score(path, isQuiet: isQuiet)
    guard let notated = NotatedScore(transcribing: score) else {
      let what = score.noteCount == 0 ? "holds no notes" : "has too little music besides drums to find its beats"
      throw Failure(.malformedInput, Input.name(of: path), what)
    }
    let drums = score.notes(areDrums: true).count
    if drums > 0, !isQuiet { Message.note("\(Input.name(of: path)): \(drums) drum notes are omitted") }
    self.score = notated
    noteCount = score.noteCount - drums
  }

  /// The document without the tempos that only playback needs, because MuseScore prints them all.
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
