import CALSA
import MIDIPorts
import MusicCore
import Testing

/// Conversion of messages to sequencer events and back.
@Suite struct EventCodingTests {
  private func messages(of event: snd_seq_event_t) -> [MIDIMessage] {
    var messages: [MIDIMessage] = []
    event.forEachMessage { messages.append($0) }
    return messages
  }

  private func again(_ message: MIDIMessage) -> [MIDIMessage] { message.withEvent { messages(of: $0) } }

  private static let channel = Channel(status: 11)
  private static let pitch = Pitch(masking: 61)

  @Test(
    arguments: [
      .noteOn(channel, pitch, Velocity(masking: 1)), .noteOff(channel, pitch, Velocity(masking: 37)),
      .control(channel, .controller(.bankSelect, 127)), .control(channel, .program(Program(masking: 90))),
      .control(channel, .pitchBend(-8192)), .control(channel, .pitchBend(8191)), .control(channel, .channelPressure(3)),
      .control(channel, .keyPressure(pitch, 99)), .system(.clock), .system(.start), .system(.stop), .system(.continue),
      .system(.activeSensing), .system(.reset), .system(.songPosition(0x3FFF)), .system(.songSelect(5)),
    ] as [MIDIMessage])
  func messagesComeBack(_ message: MIDIMessage) { #expect(again(message) == [message]) }

  /// In MIDI 1.0 a note-on of velocity 0 is a note-off.
  @Test func noteOnOfVelocityZeroEndsTheNote() {
    var event = MIDIMessage.noteOn(Self.channel, Self.pitch, Velocity(masking: 1)).withEvent { $0 }
    event.data.note.velocity = 0
    #expect(messages(of: event) == [.noteOff(Self.channel, Self.pitch, Velocity(masking: 64))])
  }

  @Test func parameterNumbersBecomeSeveralMessages() {
    var event = MIDIMessage.control(Self.channel, .controller(.bankSelect, 0)).withEvent { $0 }
    event.type = UInt8(truncatingIfNeeded: SND_SEQ_EVENT_REGPARAM.rawValue)
    (event.data.control.param, event.data.control.value) = (2, 3 << 7 | 50)
    let expected: [(UInt8, UInt8)] = [(101, 0), (100, 2), (6, 3), (38, 50)]
    #expect(
      messages(of: event) == expected.map { .control(Self.channel, .controller(Controller(masking: $0), $1)) })
  }
}
