public import MusicCore

/// What of a score becomes tokens.
public struct EncodingOptions: Hashable, Sendable {
  /// Whether pedals lengthen notes.
  public enum Pedal: String, CaseIterable, Sendable {
    /// Sustain and sostenuto let notes sound until the pedal comes up or the pitch is struck again.
    case extend
    /// Notes end when their keys come up.
    case ignore
  }

  public var pedal = Pedal.extend
  /// Whether channel 10, the drums of General MIDI, is encoded too.
  public var includesDrums = false
  /// The tracks to encode, counted from 0; nil is all.
  public var tracks: Set<Int>?
  /// The channels to encode; nil is all.
  public var channels: Set<Channel>?

  public init(
    pedal: Pedal = .extend, includesDrums: Bool = false, tracks: Set<Int>? = nil, channels: Set<Channel>? = nil
  ) {
    self.pedal = pedal
    self.includesDrums = includesDrums
    self.tracks = tracks
    self.channels = channels
  }

  func includes(_ channel: Channel) -> Bool {
    if let channels { return channels.contains(channel) }
    return includesDrums || channel != .drums
  }

  var includedChannels: ChannelSet { ChannelSet((0..<16).map(Channel.init(status:)).filter(includes)) }
}

/// A set of channels, one bit each.
struct ChannelSet {
  private var bits: UInt16 = 0

  init(_ channels: [Channel]) {
    for channel in channels { bits |= 1 << channel.rawValue }
  }

  @inline(__always)
  func contains(_ channel: Channel) -> Bool { bits &>> UInt16(channel.rawValue) & 1 == 1 }
}

/// Why a score cannot become tokens.
public enum EncodingError: Error, Hashable, Sendable {
  /// It lasts longer than `longest`; every 8 s of silence is a token.
  case tooLong(Seconds)

  /// The longest score that is encoded: 10 000 hours.
  public static let longest = Seconds(36_000_000)
}

extension EncodingError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooLong(let duration):
      "it lasts \(Int(duration.rawValue / 3600)) hours, more than the 10000 that are encoded; its time is broken"
    }
  }
}
