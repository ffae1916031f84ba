/// The audible effects of system exclusive messages on a whole instrument.
public enum DeviceMessage: Hashable, Sendable {
  /// The standards that define banks and drum channels.
  public enum Standard: Hashable, Sendable {
    /// General MIDI 1, the default.
    case gm
    case gm2
    /// Roland.
    case gs
    /// Yamaha.
    case xg
  }

  /// All sound ends, and every channel is reset to its initial state.
  case reset(Standard)
  /// The master volume, 0…1 of its range.
  case masterVolume(Double)
  /// Makes a channel a drum channel, or a melodic one.
  case rhythmPart(Channel, Bool)

  /// The effects of a message, given without F0 and F7: several if it sets consecutive addresses.
  public static func meanings(of bytes: [UInt8]) -> [DeviceMessage] {
    guard let maker = bytes.first else { return [] }
    switch maker {
    case 0x7E: return universalReset(bytes).map { [.reset($0)] } ?? []
    case 0x7F: return universalVolume(bytes).map { [.masterVolume($0)] } ?? []
    case 0x41: return roland(bytes)
    case 0x43: return yamaha(bytes)
    default: return []
    }
  }

  /// Whether a message resets an instrument.
  public static func isReset(_ bytes: [UInt8]) -> Bool {
    meanings(of: bytes).contains { if case .reset = $0 { true } else { false } }
  }

  // MARK: Universal (MIDI 1.0 Detailed Specification; General MIDI 1 and 2)

  /// General MIDI on and off, General MIDI 2 on.
  private static func universalReset(_ bytes: [UInt8]) -> Standard? {
    guard bytes.count == 4, bytes[2] == 0x09 else { return nil }
    return switch bytes[3] {
    case 1, 2: .gm
    case 3: .gm2
    default: nil
    }
  }

  private static func universalVolume(_ bytes: [UInt8]) -> Double? {
    guard bytes.count == 6, bytes[2] == 0x04, bytes[3] == 0x01 else { return nil }
    return Double(Int(bytes[4] & 0x7F) | Int(bytes[5] & 0x7F) << 7) / 16_383
  }

  // MARK: Roland (GS format, "data set 1": address, data, checksum)

  private static func roland(_ bytes: [UInt8]) -> [DeviceMessage] {
    guard bytes.count >= 9, bytes[2] == 0x42, bytes[3] == 0x12 else { return [] }
    // Instruments ignore messages with a wrong checksum.
    guard bytes[4...].reduce(0, { ($0 + Int($1)) & 0x7F }) == 0 else { return [] }
    let address = Int(bytes[4]) << 16 | Int(bytes[5]) << 8 | Int(bytes[6])
    return bytes[7..<bytes.count - 1].enumerated().flatMap { gs(address: address + $0, value: $1) }
  }

  private static func gs(address: Int, value: UInt8) -> [DeviceMessage] {
    switch address {
    // GS reset, and the reset of models with two modes.
    case 0x40_007F where value == 0, 0x00_007F where value <= 1: [.reset(.gs)]
    case 0x40_0004: [.masterVolume(Double(value) / 127)]
    // "Use for rhythm part"; the blocks of parts begin with that of channel 10.
    case let address where address & 0xFF_F0FF == 0x40_1015:
      [.rhythmPart(gsChannel(block: UInt8(address >> 8 & 0x0F)), value != 0)]
    default: []
    }
  }

  private static func gsChannel(block: UInt8) -> Channel {
    switch block {
    case 0: .drums
    case 1...9: Channel(status: block - 1)
    default: Channel(status: block)
    }
  }

  // MARK: Yamaha (XG format, "parameter change": address, data)

  private static func yamaha(_ bytes: [UInt8]) -> [DeviceMessage] {
    guard bytes.count >= 7, bytes[1] & 0xF0 == 0x10, bytes[2] == 0x4C else { return [] }
    let address = Int(bytes[3]) << 16 | Int(bytes[4]) << 8 | Int(bytes[5])
    return bytes[6...].enumerated().flatMap { xg(address: address + $0, value: $1) }
  }

  private static func xg(address: Int, value: UInt8) -> [DeviceMessage] {
    switch address {
    // XG system on, and the reset of all parameters.
    case 0x00_007E where value == 0, 0x00_007F where value == 0: [.reset(.xg)]
    case 0x00_0004: [.masterVolume(Double(value) / 127)]
    // Part mode: normal, or one of the drum setups.
    case let address where address & 0xFF_F0FF == 0x08_0007:
      [.rhythmPart(Channel(status: UInt8(address >> 8 & 0x0F)), value != 0)]
    default: []
    }
  }
}
