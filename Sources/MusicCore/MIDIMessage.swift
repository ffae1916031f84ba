/// A message as it travels between instruments (MIDI 1.0 Detailed Specification), without a time.
public enum MIDIMessage: Hashable, Sendable {
  /// The velocity is 1…127: a note-on with velocity 0 is a note-off.
  case noteOn(Channel, Pitch, Velocity)
  case noteOff(Channel, Pitch, Velocity)
  case control(Channel, ControlEvent.Message)
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
  /// The message as the bytes of a MIDI cable or, where it may stand in one, of a file's track; a system
  /// exclusive message with F0 and F7.
  public var bytes: [UInt8] {
    switch self {
    case .noteOn(let channel, let pitch, let velocity):
      [0x90 | channel.rawValue, pitch.rawValue, velocity.rawValue]
    case .noteOff(let channel, let pitch, let velocity):
      [0x80 | channel.rawValue, pitch.rawValue, velocity.rawValue]
    case .control(let channel, let message): message.bytes(channel: channel)
    case .systemExclusive(let bytes): [0xF0] + bytes + [0xF7]
    case .system(let message): message.bytes
    }
  }
}

extension ControlEvent.Message {
  fileprivate func bytes(channel: Channel) -> [UInt8] {
    switch self {
    case .keyPressure(let pitch, let value): [0xA0 | channel.rawValue, pitch.rawValue, value]
    case .controller(let controller, let value): [0xB0 | channel.rawValue, controller.rawValue, value]
    case .program(let program): [0xC0 | channel.rawValue, program.rawValue]
    case .channelPressure(let value): [0xD0 | channel.rawValue, value]
    case .pitchBend(let value):
      [0xE0 | channel.rawValue, UInt8((Int(value) + 8192) & 0x7F), UInt8((Int(value) + 8192) >> 7)]
    }
  }
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
