internal import MusicCore

/// Reads the chunks of a file (Standard MIDI Files 1.0, "Chunks"), and searches for the next track if a length is
/// wrong.
struct ChunkReader {
  private let options: MIDIFile.Options
  private let log: RepairLog
  private var tracks: [Track] = []
  private var trackCount = 0
  private var timeline = Timeline()
  private var pairing = NotePairing()
  private var pairingAcrossTracks = PairingAcrossTracks()
  /// The end of the MIDI file inside a RIFF wrapper.
  private var wrappedEnd: Int?
  private var soundFont: EmbeddedSoundFont?
  /// The last track found by searching for its name, so that no byte is searched twice.
  private var foundTrack = -1

  init(options: MIDIFile.Options) {
    self.options = options
    log = RepairLog(isStrict: options.isStrict)
  }

  /// The extent of a track. Its length is trusted if it leads to the next chunk or to the end of the file.
  private struct Extent {
    var start: Int
    var limit: Int
    var isTrusted: Bool
    var isTruncated: Bool
  }

  mutating func read(_ bytes: FileBytes) throws(MIDIFileError) -> MIDIFile {
    let header = try headerOffset(in: bytes)
    guard header + 14 <= bytes.count else { throw .truncatedHeader(offset: header) }
    let format = Int(bytes.uint16(at: header + 8))
    let announced = Int(bytes.uint16(at: header + 10))
    let division = try division(of: bytes.uint16(at: header + 12), at: header + 12)
    if format > 2 { try log.note(.unknownFormat, at: header + 8) }
    try readTracks(in: bytes, from: try endOfHeader(at: header, in: bytes), isSequences: format == 2)
    if trackCount != announced { try log.note(.wrongTrackCount, at: header + 10) }

    let sequences = format == 2 ? max(1, trackCount) : 1
    guard (1...sequences).contains(options.sequence) else { throw .noSequence(options.sequence, of: sequences) }
    pairingAcrossTracks.mend(&tracks, log)
    if sequences > 1 { try log.note(.separateSequences, at: header + 8, count: sequences) }
    return MIDIFile(
      format: format, announcedTracks: announced, sequences: sequences,
      score: timeline.score(of: tracks, division: division), repairs: log.repairs,
      soundFont: soundFont)
  }

  // MARK: Header

  private mutating func headerOffset(in bytes: FileBytes) throws(MIDIFileError) -> Int {
    if bytes.has("MThd", at: 0) { return 0 }
    if RMIDReader.isRMID(bytes) {
      let wrapper = RMIDReader(bytes)
      guard let music = wrapper.music else { throw .notMIDI("an RMID file (RIFF) without music") }
      wrappedEnd = music.upperBound
      soundFont = wrapper.soundFont.map { EmbeddedSoundFont(range: $0, bankOffset: wrapper.bankOffset) }
      return music.lowerBound
    }
    if let name = ForeignFormat.name(of: bytes) { throw .notMIDI(name) }
    guard let offset = bytes.firstOffset(of: "MThd", from: 0) else { throw .notMIDI(ForeignFormat.guess(bytes)) }
    try log.note(.leadingBytes, at: 0)
    return offset
  }

  private func division(of value: UInt16, at offset: Int) throws(MIDIFileError) -> Division {
    guard value & 0x8000 != 0 else {
      guard value > 0 else { throw .badDivision(value, offset: offset) }
      return .metrical(ticksPerQuarter: Int(value))
    }
    let framesPerSecond = -Int(Int8(bitPattern: UInt8(value >> 8)))
    guard let rate = Division.FrameRate(rawValue: framesPerSecond), value & 0xFF > 0 else {
      throw .badDivision(value, offset: offset)
    }
    return .timecode(rate, ticksPerFrame: Int(value & 0xFF))
  }

  /// The expected offset of the first chunk after the header.
  private mutating func endOfHeader(at header: Int, in bytes: FileBytes) throws(MIDIFileError) -> Int {
    let length = bytes.uint32(at: header + 4)
    if length < 6 { try log.note(.shortHeader, at: header + 4) }
    guard length > 6 else { return header + 14 }
    try log.note(.longHeader, at: header + 4)
    let end = header + 8 + length
    return Self.isChunk(at: end, in: bytes) ? end : header + 14
  }

  // MARK: Tracks

  private mutating func readTracks(
    in bytes: FileBytes, from start: Int, isSequences: Bool
  ) throws(MIDIFileError) {
    var offset = start
    while offset < bytes.count {
      // The rest of the wrapper, beginning with a possible pad byte, is not MIDI.
      if let wrappedEnd, offset - wrappedEnd == 0 || offset - wrappedEnd == 1 { return }
      if bytes.has("MTrk", at: offset), offset + 8 <= bytes.count {
        let isWanted = !isSequences || trackCount + 1 == options.sequence
        offset = try readTrack(at: offset, in: bytes, isWanted: isWanted)
      } else if let end = Self.endOfAlienChunk(at: offset, in: bytes) {
        try log.note(.alienChunk, at: offset)
        offset = end
      } else if let next = bytes.firstOffset(of: "MTrk", from: offset, to: bytes.count - 4),
        !Self.startsAnotherFile(in: bytes, offset..<next)
      {
        try log.note(.junkBetweenTracks, at: offset)
        offset = next
      } else {
        return try log.note(bytes.has("MTrk", at: offset) ? .truncatedTrack : .trailingBytes, at: offset)
      }
    }
  }

  /// Whether a second header follows: tracks after it belong to another file with its own division.
  private static func startsAnotherFile(in bytes: FileBytes, _ range: Range<Int>) -> Bool {
    bytes.firstOffset(of: "MThd", from: range.lowerBound, to: range.upperBound) != nil
  }

  /// Reads the track chunk at an offset and returns the expected offset of the next chunk.
  private mutating func readTrack(
    at offset: Int, in bytes: FileBytes, isWanted: Bool
  ) throws(MIDIFileError) -> Int {
    let extent = extent(ofTrackAt: offset, in: bytes)
    if extent.start == extent.limit { try log.note(.emptyTrack, at: offset) }
    var reader = TrackReader(bytes: bytes, start: extent.start, limit: extent.limit, log: log)
    let isAlone = trackCount == 0 && extent.limit + 8 > bytes.count
    let end = try reader.read(pairing: &pairing, isAlone: isAlone)
    trackCount += 1
    if isWanted {
      pairingAcrossTracks.append(reader.unpaired, reader.silences, track: tracks.count)
      tracks.append(reader.track)
      timeline.append(reader.timeline)
    }

    guard let end else {
      if extent.isTruncated { try log.note(.truncatedTrack, at: extent.limit) }
      if extent.isTrusted { try log.note(.missingEndOfTrack, at: extent.limit) }
      if !extent.isTrusted, !extent.isTruncated { try log.note(.wrongTrackLength, at: offset + 4) }
      return extent.limit
    }
    let isRight = end == offset + 8 + bytes.uint32(at: offset + 4)
    if isRight { return end }
    if extent.isTrusted, !bytes.has("MTrk", at: end) {
      try log.note(.dataAfterEndOfTrack, at: end)
      return extent.limit
    }
    try log.note(.wrongTrackLength, at: offset + 4)
    return end
  }

  private mutating func extent(ofTrackAt offset: Int, in bytes: FileBytes) -> Extent {
    let start = offset + 8
    let declaredEnd = start + bytes.uint32(at: offset + 4)
    if declaredEnd == bytes.count || Self.isChunk(at: declaredEnd, in: bytes) {
      return Extent(start: start, limit: declaredEnd, isTrusted: true, isTruncated: false)
    }
    let next = nextTrack(from: start, in: bytes)
    // The next track may be the first of another file, after its header.
    let limit = bytes.has("MThd", at: next - 14) ? max(start, next - 14) : next
    return Extent(
      start: start, limit: limit, isTrusted: false,
      isTruncated: next == bytes.count && declaredEnd > bytes.count)
  }

  /// The offset of the next track, or the end of the file. Either its length must fit into the file or an end-of-track
  /// event must precede it, because the name alone may be part of a text.
  private mutating func nextTrack(from start: Int, in bytes: FileBytes) -> Int {
    if foundTrack >= start { return foundTrack }
    foundTrack = start
    while let found = bytes.firstOffset(of: "MTrk", from: foundTrack, to: bytes.count - 4) {
      if found + 8 + bytes.uint32(at: found + 4) <= bytes.count || bytes.hasEndOfTrack(before: found) {
        foundTrack = found
        return found
      }
      foundTrack = found + 1
    }
    foundTrack = bytes.count
    return foundTrack
  }

  /// The end of a chunk other than a track that leads to another chunk or to the end of the file, or nil.
  private static func endOfAlienChunk(at offset: Int, in bytes: FileBytes) -> Int? {
    guard isChunk(at: offset, in: bytes), !bytes.has("MThd", at: offset) else { return nil }
    let end = offset + 8 + bytes.uint32(at: offset + 4)
    return end == bytes.count || isChunk(at: end, in: bytes) ? end : nil
  }

  /// Whether there is a track at an offset, or a chunk of another kind with a valid name and length.
  private static func isChunk(at offset: Int, in bytes: FileBytes) -> Bool {
    guard offset + 8 <= bytes.count else { return false }
    if bytes.has("MTrk", at: offset) { return true }
    let isName = (0..<4).allSatisfy { (0x20..<0x7F).contains(bytes[offset + $0]) }
    return isName && offset + 8 + bytes.uint32(at: offset + 4) <= bytes.count
  }
}
