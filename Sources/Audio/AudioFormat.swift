/// How sound is kept in a file. Two channels, always.
public struct AudioFormat: Hashable, Sendable {
  /// The kinds of file that can be written.
  public enum Container: String, CaseIterable, Sendable {
    case wav, flac, ogg

    /// The kind of file that a path's extension names, in any case, or nil.
    public init?(path: String) {
      guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return nil }
      let name = path[path.index(after: dot)...].lowercased()
      if name == "wave" { self = .wav } else if name == "oga" { self = .ogg } else { self.init(rawValue: name) }
    }
  }

  /// How one sample is kept. Ogg Vorbis has no samples, and ignores it.
  public enum Sample: Int, CaseIterable, Sendable {
    case int16 = 16
    case int24 = 24
    /// 32-bit floating point, which holds levels over full scale.
    case float32 = 32
  }

  public static let channels = 2
  /// The sample rates in hertz that can be written.
  public static let rates = 8000...192_000

  public var container: Container
  public var sample: Sample
  /// Frames a second.
  public var rate: Int

  public init(container: Container, sample: Sample = .int16, rate: Int = 48_000) {
    self.container = container
    self.sample = sample
    self.rate = rate
  }
}
