import MIDIFiles
import MusicCore
import MusicTokens
import MusicXML
import Transcription

/// The entry point that libFuzzer calls with each input (LLVM documentation, "libFuzzer"). A trap or a hang is a
/// finding.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  if let file = try? TokenFile(bytes: bytes) { check(file) }
  if let file = try? MIDIFile(bytes: bytes) { check(file, of: bytes) }
  if MusicXML.isScore(bytes), let score = try? MusicXML.score(of: bytes) { check(score) }
  checkModel(bytes)
  return 0
}

/// Any tokens decode, and the decoded music has one canonical stream.
private func check(_ file: TokenFile) {
  for format in TokenFile.Format.allCases {
    require(
      (try? TokenFile(bytes: file.bytes(format: format)).tokens) == file.tokens, "\(format) is not what was written")
  }
  guard let decoded = try? TokenDecoder().decode(file.tokens) else { preconditionFailure("a lenient decoder threw") }
  checkTokens(of: decoded.score)
}

private func check(_ file: MIDIFile, of bytes: [UInt8]) {
  for track in file.score.tracks {
    for (note, next) in zip(track.notes, track.notes.dropFirst()) {
      require(note.onset <= next.onset, "the notes are in disorder")
    }
    require(track.notes.allSatisfy { $0.end >= $0.onset && $0.end <= track.end }, "a note ends where it cannot")
  }
  let isDamaged = file.repairs.contains(where: \.kind.isDamage)
  let isRefused = (try? MIDIFile(bytes: bytes, options: .init(isStrict: true))) == nil
  require(isDamaged == isRefused, "strict reading and repairs disagree")
  checkTokens(of: file.score)
  if let written = try? MIDIFile.bytes(of: file.score) {
    require((try? MIDIFile(bytes: written).score.noteCount) == file.score.noteCount, "the writer lost notes")
  }
}

/// The music of a MusicXML file has notes that end after they begin, can be encoded, and can be written as MIDI and as
/// notation, which can be read again.
private func check(_ score: Score) {
  for track in score.tracks {
    require(track.notes.allSatisfy { $0.end > $0.onset && $0.end <= track.end }, "a note ends where it cannot")
    require(zip(track.notes, track.notes.dropFirst()).allSatisfy { $0.onset <= $1.onset }, "the notes are in disorder")
  }
  checkTokens(of: score)
  if let written = try? MIDIFile.bytes(of: score) {
    require((try? MIDIFile(bytes: written).score.noteCount) != nil, "what was written is no MIDI file")
  }
  // Finding beats in hours of music would exceed the time limit of an input.
  guard score.noteCount < 200, score.duration.rawValue < 600, let notated = NotatedScore(transcribing: score) else {
    return
  }
  let document = MusicXML.bytes(of: notated)
  guard let again = try? MusicXML.score(of: document) else { preconditionFailure("the notation is no MusicXML") }
  require(again.noteCount > 0, "the notation has no notes")
  require((try? MusicXML.score(of: MusicXML.compressedBytes(of: notated))) == again, "the archive is another score")
}

private func checkTokens(of score: Score) {
  guard let tokens = try? TokenEncoder().encode(score) else { return }
  guard let decoded = try? TokenDecoder(isStrict: true).decode(tokens) else {
    preconditionFailure("an encoded stream needs repair")
  }
  require((try? TokenEncoder().encode(decoded.score)) == tokens, "encode(decode(tokens)) is not tokens")
}

func require(_ condition: Bool, _ message: String) { if !condition { preconditionFailure(message) } }
