/// The format of an audio file, always with two channels.
public struct AudioFormat: Hashable, Sendable {
  /// The kinds of file that can be written.
  public enum Container: String, CaseIterable, Sendable {
    case wav, flac
    /// Ogg Vorbis.
    case ogg
    /// Opus in Ogg (RFC 7845).
    case opus
    /// MPEG-1/2 Audio Layer III.
    case mp3

    /// The kind of file that a path's extension names, in any case, or nil.
    public init?(path: String) {
      guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return nil }
      let name = path[path.index(after: dot)...].lowercased()
      if name == "wave" { self = .wav } else if name == "oga" { self = .ogg } else { self.init(rawValue: name) }
    }
  }

  /// The sample format; lossy containers ignore it.
  public enum Sample: Int, CaseIterable, Sendable {
    case int16 = 16
    case int24 = 24
    /// 32-bit floating point, which holds levels over full scale.
    case float32 = 32
  }

  /// The number of channels: stereo.
  public static let channels = 2
  /// The sample rates in hertz that can be written.
  public static let rates = 8000...192_000

  /// The kind of file.
  public var container: Container
  /// The type of a sample.
  public var sample: Sample
  /// The sample rate in Hz.
  public var rate: Int

  /// The quality setting of a lossy codec for libsndfile, 0…1; nil for lossless containers. It gives about 190, 160 and
  /// 180 kbit/s for stereo music (Vorbis, Opus, MP3).
  var quality: Double? {
    switch container {
    case .wav, .flac: nil
    case .ogg: 0.6
    case .opus: 0.3
    case .mp3: 0.8
    }
  }

  /// The sample rates that a container supports; nil if it supports all.
  static func rates(of container: Container) -> [Int]? {
    switch container {
    case .wav, .flac, .ogg: nil
    case .opus: [8000, 12_000, 16_000, 24_000, 48_000]
    case .mp3: [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000]
    }
  }

  /// Creates a format.
  public init(container: Container, sample: Sample = .int16, rate: Int = 48_000) {
    self.container = container
    self.sample = sample
    self.rate = rate
  }
}
