internal import Files
internal import Glibc

/// A soundfont file.
public struct SoundFont: Hashable, Sendable {
  /// How it was found.
  public enum Origin: String, Sendable {
    /// Named by the caller.
    case named
    /// Named by the environment variable `AURL_SOUNDFONT`.
    case environment
    case user, system
    /// The one that comes with the program.
    case shipped
  }

  /// The path of the file.
  public var path: String
  /// Where it was found.
  public var origin: Origin

  /// Creates a reference to a soundfont; the file is not read.
  public init(path: String, origin: Origin) {
    self.path = path
    self.origin = origin
  }

  /// The information at the start of a soundfont file.
  public struct Header: Hashable, Sendable {
    /// The name of the soundfont as stored in the file, or nil.
    public var name: String?
    /// The size of the file in bytes.
    public var byteCount: Int
  }

  /// Reads the header without loading the sounds (SoundFont Technical Specification 2.04, chapter 4).
  ///
  /// - Throws: `SynthesisError` if the file is missing, not a soundfont, or truncated.
  public func header() throws(SynthesisError) -> Header {
    let descriptor: Int32
    do throws(FileError) { descriptor = try FileSystem.open(path, O_RDONLY) } catch { throw missing(error.code) }
    defer { close(descriptor) }
    let status: FileStatus
    do throws(FileError) { status = try FileStatus(descriptor: descriptor, path: path) } catch {
      throw missing(error.code)
    }
    guard status.kind == .file else { throw broken("not a file") }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let (count, code) = bytes.withUnsafeMutableBytes { readAll(into: $0, from: descriptor) }
    guard code == 0 else { throw missing(code) }
    bytes.removeLast(bytes.count - count)
    let reader = RIFFReader(bytes: bytes)
    guard reader.tag(at: 0) == "RIFF", reader.tag(at: 8) == "sfbk" else { throw broken("not a SoundFont 2 file") }
    let byteCount = status.size
    guard let size = reader.size(at: 4), size + 8 <= byteCount else { throw broken("the file is cut short") }
    return Header(name: reader.informationName, byteCount: byteCount)
  }

  private func missing(_ code: Int32) -> SynthesisError {
    .soundFontMissing(path: path, reason: String(cString: strerror(code)).lowercased())
  }

  private func broken(_ reason: String) -> SynthesisError { .soundFontBroken(path: path, reason: reason) }
}

/// The start of a RIFF file.
private struct RIFFReader {
  let bytes: [UInt8]

  func tag(at offset: Int) -> String? {
    guard offset + 4 <= bytes.count else { return nil }
    return String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
  }

  func size(at offset: Int) -> Int? {
    guard offset + 4 <= bytes.count else { return nil }
    return (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }

  /// The text of INAM, in the INFO list that comes first.
  var informationName: String? {
    guard tag(at: 12) == "LIST", tag(at: 20) == "INFO", let length = size(at: 16) else { return nil }
    let end = min(bytes.count, 20 + length)
    var offset = 24
    while offset + 8 <= end, let tag = tag(at: offset), let size = size(at: offset + 4) {
      let text = offset + 8
      if tag == "INAM" {
        return String(decoding: bytes[text..<min(end, text + size)].prefix { $0 != 0 }, as: UTF8.self)
      }
      offset = text + size + size % 2
    }
    return nil
  }
}
