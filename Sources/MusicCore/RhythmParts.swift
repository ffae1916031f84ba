/// The drum channels: at first channel 10 of each port; messages change channels to drums or melody.
///
/// - GS has the message "use for rhythm part", and XG "part mode".
/// - With GM2, bank 120 is for drums and bank 121 for melody, from the next program change on.
/// - With XG, banks 126 and 127 and GM2's bank 120 are for drums, and all others for melody.
///
/// Banks have this meaning only after the reset of their standard; GS uses some of them for other sounds.
public struct RhythmParts: Hashable, Sendable {
  private var standard = DeviceMessage.Standard.gm
  /// The parts that were changed from the initial state, which is drums on channel 10 and melody on the others.
  private var changed: [Part: Bool] = [:]
  /// The bank (controller 0) that the next program change takes.
  private var banks: [Part: UInt8] = [:]

  /// A channel of a port.
  public struct Part: Hashable, Sendable {
    /// The number of the port.
    public var port: UInt8
    /// The channel.
    public var channel: Channel
  }

  /// The rhythm parts of General MIDI: channel 10 of each port.
  public init() {}

  /// Whether a channel is currently a drum channel.
  public func contains(_ channel: Channel, port: UInt8 = 0) -> Bool {
    guard !changed.isEmpty else { return channel == .drums }
    return changed[Part(port: port, channel: channel)] ?? (channel == .drums)
  }

  /// Applies a message to a channel.
  ///
  /// - Returns: the parts that changed between drums and melody.
  @discardableResult
  public mutating func apply(_ message: ControlEvent.Message, channel: Channel, port: UInt8 = 0) -> [Part] {
    let part = Part(port: port, channel: channel)
    switch message {
    case .controller(.bankSelect, let bank): banks[part] = bank
    case .program:
      if let isRhythm = banks[part].flatMap(isRhythm) { return set(part, isRhythm) }
    default: break
    }
    return []
  }

  /// Applies a message to a channel; notes have no effect.
  @discardableResult
  public mutating func apply(_ message: ChannelMessage, port: UInt8 = 0) -> [Part] {
    guard case .control(let control) = message.kind else { return [] }
    return apply(control, channel: message.channel, port: port)
  }

  /// Applies a message to a whole instrument.
  ///
  /// - Returns: the parts that changed between drums and melody.
  @discardableResult
  public mutating func apply(_ message: DeviceMessage, port: UInt8 = 0) -> [Part] {
    switch message {
    case .reset(let standard):
      defer { self = RhythmParts(standard: standard) }
      return Array(changed.keys)
    case .rhythmPart(let channel, let isRhythm): return set(Part(port: port, channel: channel), isRhythm)
    case .masterVolume: return []
    }
  }

  private init(standard: DeviceMessage.Standard) { self.standard = standard }

  private mutating func set(_ part: Part, _ isRhythm: Bool) -> [Part] {
    guard contains(part.channel, port: part.port) != isRhythm else { return [] }
    changed[part] = isRhythm == (part.channel == .drums) ? nil : isRhythm
    return [part]
  }

  /// Whether a bank makes a channel a drum channel, or nil if it does not decide that.
  private func isRhythm(_ bank: UInt8) -> Bool? {
    switch (standard, bank) {
    case (.gm2, 120), (.xg, 120), (.xg, 126...127): true
    case (.gm2, 121), (.xg, _): false
    default: nil
    }
  }
}
