internal import Files
public import MusicCore

/// A soundfont inside an RMID file.
public struct EmbeddedSoundFont: Hashable, Sendable {
  /// Its byte range in the file, or in the uncompressed content of a gzip file (`MIDIFile.unwrapped(_:)`).
  public var range: Range<Int>
  /// The offset that the file adds to bank numbers; nil if it does not state one.
  public var bankOffset: Int?
}

/// The music of a Standard MIDI File, and the repairs that were needed to read it.
public struct MIDIFile: Sendable {
  /// The format in the header: 0, 1, 2, or an unknown number.
  public var format: Int
  /// The number of tracks in the header.
  public var announcedTracks: Int
  /// The number of pieces: the tracks of a format 2 file, otherwise one.
  public var sequences: Int
  /// The music of the file.
  public var score: Score
  /// The repairs in the order of the file, one of each kind.
  public var repairs: [Repair]
  /// The soundfont inside an RMID file.
  public var soundFont: EmbeddedSoundFont?

  /// Options of reading.
  public struct Options: Sendable {
    /// Refuse a damaged file instead of repairing it.
    public var isStrict = false
    /// Which piece of a format 2 file to read, counted from 1.
    public var sequence = 1

    /// Creates options.
    public init(isStrict: Bool = false, sequence: Int = 1) {
      self.isStrict = isStrict
      self.sequence = sequence
    }
  }

  /// Reads a file.
  ///
  /// Every good note of a damaged file is kept. O(n) in the size of the file, and so is the memory.
  ///
  /// - Throws: `MIDIFileError` if the file is missing, not a MIDI file, or damaged and `options` strict.
  public init(path: String, options: Options = Options()) throws(MIDIFileError) {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readBytes(ofFile: path) } catch { throw .unreadable(error) }
    try self.init(bytes: bytes, options: options)
  }

  /// Reads the bytes of a file; otherwise the same as `init(path:options:)`.
  public init(bytes: [UInt8], options: Options = Options()) throws(MIDIFileError) {
    guard !bytes.isEmpty else { throw .empty }
    let result: Result<MIDIFile, MIDIFileError> = bytes.withUnsafeBufferPointer { buffer in
      let bytes = FileBytes(buffer)
      do throws(MIDIFileError) {
        if GzipReader.isGzip(bytes) { return .success(try Self(unwrapped: GzipReader.content(of: bytes), options)) }
        var reader = ChunkReader(options: options)
        return .success(try reader.read(bytes))
      } catch { return .failure(error) }
    }
    self = try result.get()
  }

  private init(unwrapped bytes: [UInt8], _ options: Options) throws(MIDIFileError) {
    guard !bytes.starts(with: [0x1F, 0x8B]) else { throw .notMIDI("a gzip archive in a gzip archive; unpack it first") }
    try self.init(bytes: bytes, options: options)
  }

  /// The content to which byte offsets refer: the uncompressed content of a gzip file, or the bytes themselves.
  ///
  /// - Throws: `MIDIFileError.notMIDI` if the archive is damaged or too large.
  public static func unwrapped(_ bytes: [UInt8]) throws(MIDIFileError) -> [UInt8] {
    let content: Result<[UInt8]?, MIDIFileError> = bytes.withUnsafeBufferPointer { buffer in
      let bytes = FileBytes(buffer)
      guard GzipReader.isGzip(bytes) else { return .success(nil) }
      do throws(MIDIFileError) { return .success(try GzipReader.content(of: bytes)) } catch { return .failure(error) }
    }
    return try content.get() ?? bytes
  }

  /// Wraps a score from another source as a file of format 1.
  public init(_ score: Score) {
    self.init(
      format: 1, announcedTracks: score.tracks.count, sequences: 1, score: score, repairs: [], soundFont: nil)
  }

  init(
    format: Int, announcedTracks: Int, sequences: Int, score: Score, repairs: [Repair],
    soundFont: EmbeddedSoundFont?
  ) {
    self.format = format
    self.announcedTracks = announcedTracks
    self.sequences = sequences
    self.score = score
    self.repairs = repairs
    self.soundFont = soundFont
  }
}
