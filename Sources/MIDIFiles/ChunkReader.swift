internal import MusicCore

/// Reads the chunks of a file (Standard MIDI Files 1.0, "Chunks"), and finds the tracks again where they are
/// not as their lengths say.
struct ChunkReader {
  private let options: MIDIFile.Options
  private let log: RepairLog
  private var tracks: [TrackReader.Result] = []
  private var pairing = NotePairing()

  init(options: MIDIFile.Options) {
    self.options = options
    log = RepairLog(isStrict: options.isStrict)
  }

  /// A length of a track counts where it leads to the next chunk or to the end of the file.
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
    try readTracks(in: bytes, from: try endOfHeader(at: header, in: bytes))
    if tracks.count != announced { try log.note(.wrongTrackCount, at: header + 10) }

    let sequences = format == 2 ? max(1, tracks.count) : 1
    guard (1...sequences).contains(options.sequence) else { throw .noSequence(options.sequence, of: sequences) }
    if format == 2, tracks.count > 1 {
      try log.note(.separateSequences, at: header + 8, count: tracks.count)
      tracks = [tracks[options.sequence - 1]]
    }
    return MIDIFile(
      format: format, announcedTracks: announced, sequences: sequences,
      score: Self.score(of: tracks, division: division), repairs: log.repairs)
  }

  // MARK: Header

  private mutating func headerOffset(in bytes: FileBytes) throws(MIDIFileError) -> Int {
    if bytes.has("MThd", at: 0) { return 0 }
    let isRMID = bytes.has("RIFF", at: 0) && bytes.has("RMID", at: 8)
    if !isRMID, let name = ForeignFormat.name(of: bytes) { throw .notMIDI(name) }
    guard let offset = bytes.firstOffset(of: "MThd", from: 0) else { throw .notMIDI(ForeignFormat.guess(bytes)) }
    if !isRMID { try log.note(.leadingBytes, at: 0) }
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

  /// Where the first chunk after the header should stand.
  private mutating func endOfHeader(at header: Int, in bytes: FileBytes) throws(MIDIFileError) -> Int {
    let length = bytes.uint32(at: header + 4)
    if length < 6 { try log.note(.shortHeader, at: header + 4) }
    guard length > 6 else { return header + 14 }
    try log.note(.longHeader, at: header + 4)
    let end = header + 8 + length
    return Self.isChunk(at: end, in: bytes) ? end : header + 14
  }

  // MARK: Tracks

  private mutating func readTracks(in bytes: FileBytes, from start: Int) throws(MIDIFileError) {
    var offset = start
    while offset < bytes.count {
      if bytes.has("MTrk", at: offset), offset + 8 <= bytes.count {
        offset = try readTrack(at: offset, in: bytes)
      } else if Self.isChunk(at: offset, in: bytes), !bytes.has("MThd", at: offset) {
        try log.note(.alienChunk, at: offset)
        offset += 8 + bytes.uint32(at: offset + 4)
      } else if let next = bytes.firstOffset(of: "MTrk", from: offset),
        !Self.startsAnotherFile(in: bytes, offset..<next)
      {
        try log.note(.junkBetweenTracks, at: offset)
        offset = next
      } else {
        let isPadding = bytes.has("RIFF", at: 0) && bytes.count - offset == 1
        if !isPadding { try log.note(.trailingBytes, at: offset) }
        return
      }
    }
  }

  /// Tracks after a second header belong to another file, with a division of its own.
  private static func startsAnotherFile(in bytes: FileBytes, _ range: Range<Int>) -> Bool {
    bytes.firstOffset(of: "MThd", from: range.lowerBound, to: range.upperBound) != nil
  }

  /// Reads the track chunk at an offset and returns where the next chunk should stand.
  private mutating func readTrack(at offset: Int, in bytes: FileBytes) throws(MIDIFileError) -> Int {
    let extent = Self.extent(ofTrackAt: offset, in: bytes)
    if extent.start == extent.limit { try log.note(.emptyTrack, at: offset) }
    var reader = TrackReader(bytes: bytes, start: extent.start, limit: extent.limit, log: log)
    let end = try reader.read(pairing: &pairing)
    tracks.append(reader.result)

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

  private static func extent(ofTrackAt offset: Int, in bytes: FileBytes) -> Extent {
    let start = offset + 8
    let declaredEnd = start + bytes.uint32(at: offset + 4)
    if declaredEnd == bytes.count || isChunk(at: declaredEnd, in: bytes) {
      return Extent(start: start, limit: declaredEnd, isTrusted: true, isTruncated: false)
    }
    let next = bytes.firstOffset(of: "MTrk", from: start)
    return Extent(
      start: start, limit: next ?? bytes.count, isTrusted: false,
      isTruncated: next == nil && declaredEnd > bytes.count)
  }

  /// Whether a track, or a chunk of another kind with a name and a length that fits, stands at an offset.
  private static func isChunk(at offset: Int, in bytes: FileBytes) -> Bool {
    guard offset + 8 <= bytes.count else { return false }
    if bytes.has("MTrk", at: offset) { return true }
    let isName = (0..<4).allSatisfy { (0x20..<0x7F).contains(bytes[offset + $0]) }
    return isName && offset + 8 + bytes.uint32(at: offset + 4) <= bytes.count
  }

  // MARK: Score

  private static func score(of tracks: [TrackReader.Result], division: Division) -> Score {
    Score(
      tempoMap: TempoMap(division: division, changes: tracks.flatMap(\.tempoChanges)),
      tracks: tracks.map(\.track),
      timeSignatures: merged(tracks.map(\.timeSignatures), by: \.tick),
      keySignatures: merged(tracks.map(\.keySignatures), by: \.tick))
  }

  private static func merged<Element>(_ lists: [[Element]], by tick: (Element) -> Tick) -> [Element] {
    let filled = lists.filter { !$0.isEmpty }
    guard filled.count > 1 else { return filled.first ?? [] }
    return filled.flatMap { $0 }.sorted { tick($0) < tick($1) }
  }
}
