internal import Files

/// The bytes of a soundfont as a file without a name, because FluidSynth loads files only. It is gone with its owner.
struct SoundFontCopy: ~Copyable {
  private let file: AtomicFile
  var path: String { "/proc/self/fd/\(file.descriptor)" }

  /// - Throws: `.soundFontMissing` where the folder for large temporary files takes no more.
  init(_ bytes: [UInt8]) throws(SynthesisError) {
    do throws(FileError) {
      let file = try AtomicFile(path: "/var/tmp/aurl-soundfont.sf2")
      try file.write(bytes)
      self.file = file
    } catch { throw .soundFontMissing(path: error.path, reason: "a copy \(error)") }
  }
}

/// Sounds that a piece of music brings with it, as RMID files do: they go before those of the soundfont.
public struct BroughtSounds: Sendable {
  /// The bytes of a soundfont.
  public var bytes: [UInt8]
  /// What is added to its banks. Where that is nil they are found in their own banks, and in the next ones too, which
  /// RMID files mean that say nothing of it.
  public var bankOffset: Int?

  public init(bytes: [UInt8], bankOffset: Int?) {
    self.bytes = bytes
    self.bankOffset = bankOffset
  }
}
