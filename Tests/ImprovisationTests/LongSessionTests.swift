import Improvisation
import MusicCore
import TestSupport
import Testing

/// Ten minutes of alternating turns, in a process of their own.
@Suite struct LongSessionTests {
  /// The musician is a model, and the human plays about 40 notes per second: the history that is kept is bounded.
  @Test func memoryIsBounded() async {
    await #expect(processExitsWith: .success) {
      let model = try tinyModel()
      var settings = DuetSettings(seed: 3)
      (settings.answer, settings.tokensPerSecond) = (.seconds(4), 60)
      let driver = DuetDriver(Duet(Improviser(model, ImproviserSettings(seed: 3)), settings))
      var recording = SessionRecording(channel: settings.channel)
      driver.duet.onPlayed = { player, message, tick in
        recording.append(message, from: player, at: tick)
        if tick.rawValue % 1920 == 0 { recording.forget(before: tick - 60.0.s) }
      }
      var generator = SeededGenerator(seed: 1)
      var memory: [Int] = []
      for round in 0..<60 {
        let start = 10 * Double(round)
        for index in 0..<200 {
          let (time, pitch) = (start + 0.02 * Double(index), Int.random(in: 40...90, using: &generator))
          driver.receive(.message(on(pitch)), at: time.s)
          driver.receive(.message(off(pitch)), at: (time + 0.015).s)
        }
        driver.run(to: (start + 9.9).s)
        if round % 12 == 11 { memory.append(try Memory.residentBytes()) }
      }
      #expect(driver.duet.turns.count == 60)
      // The first two minutes fill the history.
      #expect(memory[4] - memory[0] <= 1 << 20, "\(memory)")
    }
  }
}
