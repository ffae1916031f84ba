import MusicCore
import Playing
import TestSupport
import Testing

struct SoundingNotesTests {
  private func state(after messages: [MIDIMessage]) -> SoundingNotes {
    var sounding = SoundingNotes()
    for message in messages { sounding.apply(message) }
    return sounding
  }

  @Test func endsEveryNoteOnOfEveryChannel() {
    let sounding = state(after: [.on(60), .on(60), .on(64, channel: 9), .on(67), .off(67)])
    #expect(sounding.hasKeysDown)
    #expect(sounding.releasing() == [.off(60), .off(60), .off(64, channel: 9)])
  }

  @Test func aKeyStruckTwiceIsDownUntilReleasedTwice() {
    #expect(state(after: [.on(60), .on(60), .off(60)]).hasKeysDown)
    #expect(state(after: [.on(60), .on(60), .off(60)]).releasing() == [.off(60)])
    #expect(!state(after: [.on(60), .on(60), .off(60), .off(60)]).hasKeysDown)
  }

  @Test func releasesPedalsAfterTheKeys() {
    let sounding = state(after: [
      .set(.sustain, 127, channel: 3), .set(.sostenuto, 64, channel: 3), .on(60, channel: 3),
    ])
    #expect(
      sounding.releasing() == [.off(60, channel: 3), .set(.sustain, 0, channel: 3), .set(.sostenuto, 0, channel: 3)])
    #expect(
      sounding.silencing().suffix(3) == [
        .set(.sustain, 0, channel: 3), .set(.allNotesOff, 0, channel: 3), .set(.allSoundOff, 0, channel: 3),
      ])
  }

  /// After a message that ends all notes at the receiver, nothing is left to end.
  @Test(
    arguments: [
      [.on(60), .off(60)],
      [.on(60), .set(.allNotesOff, 0)],
      [.on(60), .set(.allSoundOff, 0)],
      [.on(60), .set(.sustain, 90), .system(.reset)],
      [.set(.sustain, 90), .set(.sustain, 63)],
      [.set(.sustain, 90), .set(.sostenuto, 90), .set(.resetAll, 0)],
      [.off(60), .off(61)],
      [.on(60), .set(Controller(masking: 126), 1)],
      [.on(60), .set(Controller(masking: 124), 0)],
      [.on(60), .set(.sustain, 90), .systemExclusive([0x7E, 0x7F, 9, 1])],
      [.on(60, channel: 3), .set(.sostenuto, 90), .systemExclusive([0x43, 0x10, 0x4C, 0, 0, 0x7E, 0])],
    ] as [[MIDIMessage]])
  func knowsWhatHasEnded(messages: [MIDIMessage]) {
    #expect(state(after: messages).isEmpty)
    #expect(state(after: messages).releasing() == [])
  }

  @Test func otherSystemExclusiveMessagesEndNothing() {
    #expect(state(after: [.on(60), .systemExclusive([0x7E, 0x7F, 6, 1])]).releasing() == [.off(60)])
  }

  @Test func allNotesOffEndsOnlyItsChannel() {
    let sounding = state(after: [.on(60), .on(60, channel: 1), .set(.allNotesOff, 0, channel: 1)])
    #expect(sounding.releasing() == [.off(60)])
  }

  /// After the messages of silencing themselves, nothing is left to end.
  @Test(arguments: 0..<20)
  func silencesWhateverWasPlayed(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var sounding = SoundingNotes()
    for _ in 0..<500 {
      let channel = UInt8.random(in: 0..<16, using: &generator)
      let pitch = UInt8.random(in: 0..<128, using: &generator)
      switch Int.random(in: 0..<8, using: &generator) {
      case 0...3: sounding.apply(.on(pitch, channel: channel))
      case 4...5: sounding.apply(.off(pitch, channel: channel))
      case 6: sounding.apply(.set(.sustain, pitch, channel: channel))
      default: sounding.apply(.set(.sostenuto, pitch, channel: channel))
      }
    }
    for message in sounding.releasing() { sounding.apply(message) }
    #expect(sounding.isEmpty)
  }
}
