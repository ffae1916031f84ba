/// Finds the contents of a RIFF file of form RMID: a MIDI file, and possibly a soundfont.
struct RMIDReader {
  /// The MIDI file, in the chunk `data`.
  private(set) var music: Range<Int>?
  /// The soundfont, with its own RIFF header.
  private(set) var soundFont: Range<Int>?
  /// The offset of the soundfont's bank numbers (chunk `DBNK`), or nil if the file does not state one.
  private(set) var bankOffset: Int?

  static func isRMID(_ bytes: FileBytes) -> Bool { bytes.has("RIFF", at: 0) && bytes.has("RMID", at: 8) }

  init(_ bytes: FileBytes) {
    walk(bytes, from: 12, to: bytes.count)
    // If lengths are wrong, the music may still be found by the name of its chunk.
    if music == nil { search(bytes) }
  }

  /// Walks from chunk to chunk. The RIFF length may be wrong, so the size of the file is used instead.
  private mutating func walk(_ bytes: FileBytes, from start: Int, to end: Int) {
    var offset = start
    while offset + 8 <= end {
      let body = offset + 8
      let length = bytes.littleEndianUInt32(at: offset + 4)
      let limit = min(end, body + length)
      if music == nil, bytes.has("data", at: offset), bytes.has("MThd", at: body) {
        music = body..<limit
      } else if soundFont == nil, bytes.has("RIFF", at: offset), bytes.has("sfbk", at: body), body + length <= end {
        soundFont = offset..<limit
      } else if bytes.has("LIST", at: offset), bytes.has("INFO", at: body) {
        walk(bytes, from: body + 4, to: limit)
      } else if bytes.has("DBNK", at: offset), length == 2, body + 2 <= end {
        bankOffset = Int(bytes[body]) | Int(bytes[body + 1]) << 8
      }
      offset = body + length + length % 2
    }
  }

  private mutating func search(_ bytes: FileBytes) {
    var offset = 12
    while let found = bytes.firstOffset(of: "MThd", from: offset) {
      if bytes.has("data", at: found - 8) {
        music = found..<min(bytes.count, found + bytes.littleEndianUInt32(at: found - 4))
        return
      }
      music = music ?? found..<bytes.count
      offset = found + 1
    }
  }
}
