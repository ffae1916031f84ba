/// The master volume of a device (MIDI 1.0 Detailed Specification, universal real-time message 04 01).
struct MasterVolume {
  /// 0…16383.
  let value: Int

  init?(systemExclusive bytes: [UInt8]) {
    guard bytes.count == 6, bytes[0] == 0x7F, bytes[2] == 0x04, bytes[3] == 0x01 else { return nil }
    value = Int(bytes[4] & 0x7F) | Int(bytes[5] & 0x7F) << 7
  }

  /// The factor on the amplitude: 40 log₁₀ of the value in decibels, as General MIDI has it for controller 7.
  var factor: Float {
    let ratio = Float(value) / 16_383
    return ratio * ratio
  }
}

/// Whether a system exclusive message, without F0 and F7, puts a device into its first state: General MIDI 1
/// and 2 system on and off, Roland GS reset, Yamaha XG system on.
func isReset(systemExclusive bytes: [UInt8]) -> Bool {
  switch bytes.count {
  case 4: bytes[0] == 0x7E && bytes[2] == 0x09 && (1...3).contains(bytes[3])
  case 7: isXGReset(systemExclusive: bytes)
  case 9: bytes[0] == 0x41 && Array(bytes[2...]) == [0x42, 0x12, 0x40, 0x00, 0x7F, 0x00, 0x41]
  default: false
  }
}

/// Whether a system exclusive message is Yamaha's XG system on.
func isXGReset(systemExclusive bytes: [UInt8]) -> Bool {
  bytes.count == 7 && bytes[0] == 0x43 && bytes[1] & 0xF0 == 0x10
    && Array(bytes[2...]) == [0x4C, 0x00, 0x00, 0x7E, 0x00]
}
