internal import Files

/// The bytes of a soundfont as an unnamed temporary file, because FluidSynth loads only files. It is removed with its
/// owner.
struct SoundFontCopy: ~Copyable {
  private let file: AtomicFile
  var path: String { "/proc/self/fd/\(file.descriptor)" }

  /// - Throws: `.soundFontMissing` if the folder for large temporary files is full.
  init(_ bytes: [UInt8]) throws(SynthesisError) {
    do throws(FileError) {
      let file = try AtomicFile(path: "/var/tmp/aurl-soundfont.sf2")
      try file.write(bytes)
      self.file = file
    } catch { throw .soundFontMissing(path: error.path, reason: "a copy \(error)") }
  }
}

/// A soundfont inside a music file, as in RMID files: its sounds take precedence over those of the selected soundfont.
public struct BroughtSounds: Sendable {
  /// The bytes of a soundfont.
  public var bytes: [UInt8]
  /// The offset added to its bank numbers. If nil, its sounds are available both in their own banks and in the next
  /// ones, the two readings of RMID files that do not state it.
  public var bankOffset: Int?

  public init(bytes: [UInt8], bankOffset: Int?) {
    self.bytes = bytes
    self.bankOffset = bankOffset
  }
}
