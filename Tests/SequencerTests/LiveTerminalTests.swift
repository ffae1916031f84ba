import Glibc
import MIDIPorts
import MusicCore
import Playing
import Testing

extension SequencerTests {
  /// `aurl live` on a terminal.
  @Suite struct LiveTerminalTests {
    /// Plays rounds of ten seconds: a call of four, handed over with the space bar in every other round, and an answer.
    private func play(_ session: LiveSession, rounds: Int, _ terminal: Terminal? = nil) async throws {
      let start = await session.keyboard.client.now.rawValue
      for round in 0..<rounds {
        try await session.call(notes: 16, gap: 0.25)
        if round % 2 == 1 { terminal?.type(" ") }
        try await session.keyboard.rest(until: Seconds(start + 10 * Double(round + 1)))
      }
    }

    /// Twenty rounds of playing on a terminal: the output rate does not grow and suits a slow connection, and the
    /// answers and their times are those of a session without a display.
    @Test func theDisplayDoesNotAffectTheSession() async throws {
      let options = ["--answer", "5", "--handover", "pause,key"]
      let terminal = try Terminal()
      let session = try await LiveSession(options, terminal: terminal)
      let reader = Task {
        var (shown, seconds) = ([UInt8](), [Int]())
        let start = ContinuousClock.now
        while true {
          // What was written before the cancellation is still read.
          let isOver = Task.isCancelled
          let bytes = terminal.read()
          let second = Int((ContinuousClock.now - start) / .seconds(1))
          while seconds.count <= second { seconds.append(0) }
          seconds[second] += bytes.count
          if shown.count < 1 << 20 { shown += bytes }
          if isOver { break }
          try? await Task.sleep(for: .milliseconds(50))
        }
        return (text: String(decoding: shown, as: UTF8.self), seconds: seconds)
      }
      try await play(session, rounds: hasSteadyClock ? 20 : 6, terminal)
      terminal.type("q")
      #expect(try await session.exitStatus() == 0)
      reader.cancel()
      let (text, seconds) = await reader.value
      #expect(await session.hanging.isEmpty)

      // The plan, before it is played, and the player have colors of their own.
      #expect(text.contains("\u{1B}[0;2;33m") && text.contains("\u{1B}[0;36m") && text.contains("aurl  "))
      #expect((seconds.max() ?? 0) <= 20_480, "\(seconds.max() ?? 0) bytes in a second")
      if hasSteadyClock {
        // Two minutes of six rounds each, three of them handed over by key. The first two rounds fill the display.
        try #require(seconds.count >= 190)
        let (early, late) = (seconds[20..<80].reduce(0, +), seconds[130..<190].reduce(0, +))
        #expect(early > 0 && late < early * 5 / 4, "\(early) bytes in a minute, \(late) in a later one")
      }
      #expect(terminal.echoes, "the terminal is not restored")

      let handovers = contents(of: session.report).matches(of: /"handover":"(\w+)"/).map { String($0.1) }
      #expect(handovers.contains("key") && handovers.contains("pause"))
      try await session.expectSameAgain()
      guard hasSteadyClock else { return }
      #expect(session.reported("lateNotes") == 0 && session.reported("droppedNotes") == 0)
      let plain = try await LiveSession(options)
      try await play(plain, rounds: 6)
      #expect(try await plain.end() == 0)
      let (shown, undisturbed) = (session.decisions.sorted(), plain.decisions.sorted())
      try #require(shown.count >= 20 && undisturbed.count >= 6)
      let (middle, expected) = (shown[shown.count / 2], undisturbed[undisturbed.count / 2])
      #expect(middle <= 1.5 * expected + 5, "\(middle) ms with a display, \(expected) ms without")
    }
  }
}
