public import MusicCore

/// Options of encoding a score.
public struct EncodingOptions: Hashable, Sendable {
  /// Whether pedals lengthen notes.
  public enum Pedal: String, CaseIterable, Sendable {
    /// Sustain and sostenuto extend notes until the pedal comes up or the pitch is struck again.
    case extend
    /// Notes end when their keys come up.
    case ignore
  }

  /// Whether pedals prolong notes.
  public var pedal = Pedal.extend
  /// Whether drums are encoded too: channel 10, and other drum channels of the score (`Score.drums`).
  public var includesDrums = false
  /// The tracks to encode, counted from 0; nil is all.
  public var tracks: Set<Int>?
  /// The channels to encode, drums or not; nil for all melodic ones, and drums if `includesDrums`.
  public var channels: Set<Channel>?

  /// Creates options; the defaults encode everything but drums.
  public init(
    pedal: Pedal = .extend, includesDrums: Bool = false, tracks: Set<Int>? = nil, channels: Set<Channel>? = nil
  ) {
    self.pedal = pedal
    self.includesDrums = includesDrums
    self.tracks = tracks
    self.channels = channels
  }
}

/// Errors of encoding a score.
public enum TokenEncodingError: Error, Hashable, Sendable {
  /// The score is longer than `longest`; every 8 s of silence takes a token.
  case tooLong(Seconds)

  /// The longest score that is encoded: 10 000 hours.
  public static let longest = Seconds(36_000_000)
}

extension TokenEncodingError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooLong(let duration):
      "it lasts \(Int(duration.rawValue / 3600)) hours, and at most 10000 can be encoded; its times are probably damaged"
    }
  }
}
