/// A MIDI 1.0 message, without a time (MIDI 1.0 Detailed Specification).
public enum MIDIMessage: Hashable, Sendable {
  case channel(ChannelMessage)
  /// Everything between F0 and F7, both left out.
  case systemExclusive([UInt8])
  case system(System)

  /// System common and system real-time messages.
  public enum System: Hashable, Sendable {
    case clock, start, `continue`, stop
    case activeSensing, reset, tuneRequest
    /// MIDI beats of six clocks from the start of the song, 0…16383.
    case songPosition(UInt16)
    case songSelect(UInt8)
    case timecodeQuarterFrame(UInt8)
  }
}

extension MIDIMessage {
  /// A key goes down; the velocity is at least 1.
  @inlinable
  public static func noteOn(_ channel: Channel, _ pitch: Pitch, _ velocity: Velocity) -> MIDIMessage {
    .channel(ChannelMessage(channel: channel, kind: .noteOn(pitch, velocity)))
  }

  /// A key comes up, at a release velocity.
  @inlinable
  public static func noteOff(_ channel: Channel, _ pitch: Pitch, _ velocity: Velocity) -> MIDIMessage {
    .channel(ChannelMessage(channel: channel, kind: .noteOff(pitch, velocity)))
  }

  /// A channel message other than a note.
  @inlinable
  public static func control(_ channel: Channel, _ message: ControlEvent.Message) -> MIDIMessage {
    .channel(ChannelMessage(channel: channel, kind: .control(message)))
  }

  /// The bytes of the message on a MIDI cable; a system exclusive message with F0 and F7.
  public var bytes: [UInt8] {
    switch self {
    case .channel(let message): message.bytes
    case .systemExclusive(let bytes): [0xF0] + bytes + [0xF7]
    case .system(let message): message.bytes
    }
  }
}

extension ChannelMessage {
  /// The bytes of the message on a MIDI cable, without running status.
  public var bytes: [UInt8] {
    switch kind {
    case .noteOff(let pitch, let velocity): [0x80 | channel.rawValue, pitch.rawValue, velocity.rawValue]
    case .noteOn(let pitch, let velocity): [0x90 | channel.rawValue, pitch.rawValue, velocity.rawValue]
    case .control(let message): message.bytes(channel: channel)
    }
  }
}

extension ChannelMessage {
  /// The message of a status byte, 0x80…0xEF, and its data bytes; some messages use only the first. A note-on with
  /// velocity 0 stays a note-on.
  package init(status: UInt8, _ data1: UInt8, _ data2: UInt8) {
    channel = Channel(status: status)
    let (pitch, velocity) = (Pitch(masking: data1), Velocity(masking: data2))
    kind =
      switch status & 0xF0 {
      case 0x80: .noteOff(pitch, velocity)
      case 0x90: .noteOn(pitch, velocity)
      case 0xA0: .control(.keyPressure(pitch, data2))
      case 0xB0: .control(.controller(Controller(masking: data1), data2))
      case 0xC0: .control(.program(Program(masking: data1)))
      case 0xD0: .control(.channelPressure(data1))
      default: .control(.pitchBend(Int16(data2) << 7 + Int16(data1) - 8192))
      }
  }
}

extension ControlEvent.Message {
  /// The status byte and the data bytes; the second is 0 if there is only one.
  package func status(channel: Channel) -> (UInt8, UInt8, UInt8) {
    let number = channel.rawValue
    return switch self {
    case .keyPressure(let pitch, let value): (0xA0 | number, pitch.rawValue, value & 0x7F)
    case .controller(let controller, let value): (0xB0 | number, controller.rawValue, value & 0x7F)
    case .program(let program): (0xC0 | number, program.rawValue, 0)
    case .channelPressure(let value): (0xD0 | number, value & 0x7F, 0)
    case .pitchBend(let value): (0xE0 | number, UInt8(Self.raw(value) & 0x7F), UInt8(Self.raw(value) >> 7))
    }
  }

  fileprivate func bytes(channel: Channel) -> [UInt8] {
    let (status, data1, data2) = status(channel: channel)
    return switch self {
    case .program, .channelPressure: [status, data1]
    default: [status, data1, data2]
    }
  }
}

extension ControlEvent.Message {
  /// The 14-bit value of a pitch bend, clamped to its range.
  private static func raw(_ bend: Int16) -> UInt16 { min(UInt16(clamping: Int(bend) + 8192), 16383) }
}

extension MIDIMessage.System {
  fileprivate var bytes: [UInt8] {
    switch self {
    case .timecodeQuarterFrame(let value): [0xF1, value]
    case .songPosition(let beats): [0xF2, UInt8(beats & 0x7F), UInt8(beats >> 7 & 0x7F)]
    case .songSelect(let song): [0xF3, song]
    case .tuneRequest: [0xF6]
    case .clock: [0xF8]
    case .start: [0xFA]
    case .continue: [0xFB]
    case .stop: [0xFC]
    case .activeSensing: [0xFE]
    case .reset: [0xFF]
    }
  }
}
