import Foundation
import MusicCore
import Synthesis
import Testing

struct LiveTests {
  @Test func noSoundDevice() throws {
    let device = LiveSynthesizer.Device(driver: "alsa", name: "hw:CARD=nonexistent")
    let error = #expect(throws: SynthesisError.self) {
      _ = try LiveSynthesizer(soundFont: TestSoundFonts.any, device: device)
    }
    guard case .noSoundDevice(let reason) = try #require(error) else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(!reason.isEmpty)
  }

  /// Uses ALSA's null device, which every machine has. Several threads send messages while it plays, and stopping must
  /// not block.
  ///
  /// That device never makes its player wait, whose thread then takes a processor for itself, with real-time priority
  /// where it may: threads of the pool, which other tests wait for too, would make that long.
  @Test func playsUntilItGoes() throws {
    let synthesizer = try LiveSynthesizer(
      soundFont: TestSoundFonts.any, device: LiveSynthesizer.Device(driver: "alsa", name: "null"))
    let ended = DispatchSemaphore(value: 0)
    for channel in 0..<4 as Range<UInt8> {
      Thread.detachNewThread {
        for key in 40..<80 as Range<UInt8> {
          let (channel, pitch) = (Channel(status: channel), Pitch(masking: key))
          synthesizer.send(ChannelMessage(channel: channel, kind: .noteOn(pitch, Velocity(masking: 90))))
          synthesizer.send(ChannelMessage(channel: channel, kind: .noteOff(pitch, Velocity(masking: 64))))
        }
        ended.signal()
      }
    }
    for _ in 0..<4 { ended.wait() }
    synthesizer.send(systemExclusive: [0x7E, 0x7F, 0x09, 0x01])
    synthesizer.reset()
  }
}
