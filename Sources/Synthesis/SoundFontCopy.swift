internal import Files

/// The bytes of a soundfont as an unnamed temporary file, because FluidSynth loads only files. The file is removed with
/// this value.
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

/// A second soundfont whose sounds take precedence over the selected one, such as the soundfont inside an RMID file.
public struct SoundFontOverlay: Sendable {
  /// The bytes of the soundfont file.
  public var bytes: [UInt8]
  /// The offset added to its bank numbers. If nil, its sounds are available both in their own banks and in the next
  /// ones, the two readings of RMID files that do not state it.
  public var bankOffset: Int?

  /// Creates a layer from the bytes of a soundfont.
  public init(bytes: [UInt8], bankOffset: Int?) {
    self.bytes = bytes
    self.bankOffset = bankOffset
  }
}
