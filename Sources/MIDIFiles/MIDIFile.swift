internal import Files
public import MusicCore

/// A Standard MIDI File that was read: its music and what the reader had to repair.
public struct MIDIFile: Sendable {
  /// The format that the header gives: 0, 1, 2, or a number that no specification knows.
  public var format: Int
  /// How many tracks the header announces.
  public var announcedTracks: Int
  /// How many pieces of music there are: the tracks of a format 2 file, else one.
  public var sequences: Int
  public var score: Score
  /// In the order of the file, one of each kind.
  public var repairs: [Repair]

  /// How to read.
  public struct Options: Sendable {
    /// Refuse a damaged file instead of repairing it.
    public var isStrict = false
    /// Which piece of a format 2 file to read, counted from 1.
    public var sequence = 1

    public init(isStrict: Bool = false, sequence: Int = 1) {
      self.isStrict = isStrict
      self.sequence = sequence
    }
  }

  /// Reads a file.
  ///
  /// Every good note of a damaged file is kept. O(n) in the size of the file, and so is the memory.
  ///
  /// - Throws: `MIDIFileError` where the file is not there, is no MIDI file, or is damaged and `options` strict.
  public init(path: String, options: Options = Options()) throws(MIDIFileError) {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readBytes(ofFile: path) } catch { throw .unreadable(error) }
    try self.init(bytes: bytes, options: options)
  }

  /// Reads the bytes of a file; otherwise the same as `init(path:options:)`.
  public init(bytes: [UInt8], options: Options = Options()) throws(MIDIFileError) {
    guard !bytes.isEmpty else { throw .empty }
    var reader = ChunkReader(options: options)
    let result: Result<MIDIFile, MIDIFileError> = bytes.withUnsafeBufferPointer { buffer in
      do throws(MIDIFileError) { return .success(try reader.read(FileBytes(buffer))) } catch {
        return .failure(error)
      }
    }
    self = try result.get()
  }

  init(format: Int, announcedTracks: Int, sequences: Int, score: Score, repairs: [Repair]) {
    self.format = format
    self.announcedTracks = announcedTracks
    self.sequences = sequences
    self.score = score
    self.repairs = repairs
  }
}
