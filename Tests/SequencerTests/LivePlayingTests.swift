import Glibc
import MIDIFiles
import MIDIPorts
import MusicCore
import Playing
import TestSupport
import Testing

extension SequencerTests {
  /// Sessions of `aurl live` under load: much music, floods of messages, a jittering clock, devices that vanish.
  @Suite struct LivePlayingTests {
    /// A minute of accompaniment, replanned at every keystroke, eight times per second.
    @Test func accompaniesForAMinute() async throws {
      let session = try await LiveSession(["--mode", "accompany", "--key", "off"], synthetic: .lively)
      try await session.call(notes: 4)
      // A pause between two phrases: the model plays from the second one on.
      try await rest(.milliseconds(600))
      try await session.call(notes: 480, gap: 0.125)
      // In the guest, all is permitted: the thread of the ports has the policy SCHED_FIFO, and the others do not.
      let priorities = session.program.priorities
      if hasSteadyClock {
        #expect(priorities.filter { $0.isRealTime }.map { $0.name } == ["aurl"], "\(priorities)")
        #expect(priorities.count > 1)
      }
      // It plays to the end.
      let onsets = await session.onsets
      let end = try await #require(session.instrument).client.now.rawValue
      let quarters = Set(onsets.map { Int((end - $0) / 15) })
      #expect(onsets.count > 10 && quarters.isSuperset(of: 0..<4), "\(onsets.count) notes, \(quarters)")
      #expect(try await session.end() == 0, "\(session.program.errors)")
      #expect(await session.hanging.isEmpty)
      #expect(session.reported("lost") == 0)
      #expect((session.reported("replans") ?? 0) > 100 && (session.reported("confirmedShare") ?? 1) < 1)
      #expect(contents(of: session.report).contains("\"realTime\":\(priorities.contains { $0.isRealTime })"))
      if hasSteadyClock { #expect(session.reported("underruns") == 0 && session.reported("lateDecisions") == 0) }
      if hasSteadyClock { #expect(session.reported("lateNotes") == 0 && session.reported("droppedNotes") == 0) }
      try await session.expectSameAgain()
    }

    /// Notes sound at the times in the recording: nothing between the plan and the kernel's queue delays them.
    @Test func notesSoundAtTheRecordedTimes() async throws {
      let session = try await LiveSession(["--answer", "10", "--longest-note", "0.5"])
      for _ in 0..<3 {
        let count = await session.answer.count
        try await session.call(notes: 5)
        #expect(try await session.waitForAnswer(after: count))
        // Most of the answer sounds.
        try await rest(.seconds(8))
      }
      let heard = await session.answer
      #expect(try await session.end() == 0)
      let own = try MIDIFile(path: session.take).score.tracks[1].notes
      let planned = Set(own.map(\.onset)).sorted().map { Double($0.rawValue) / 1920 }
      // The notes of a chord count as one arrival.
      let starts = Set(heard.compactMap { $0.message.onset != nil ? $0.time.rawValue : nil }).sorted()
      let arrived = starts.enumerated().filter { $0.offset == 0 || $0.element - starts[$0.offset - 1] > 0.0004 }
      try #require(arrived.count == planned.count && planned.count > 20)
      let differences = zip(arrived, planned).map { $0.element - $1 }.sorted()
      let spread = differences[differences.count * 99 / 100] - differences[0]
      // The kernel's queue has a resolution of one millisecond.
      #expect(spread < (hasSteadyClock ? 0.0011 : 0.004), "\(spread * 1000) ms")
      // The report has the error by the kernel's stamps: at most that of the arrivals.
      let (middle, worst) = (session.scheduledError("p50"), session.scheduledError("max"))
      let expected = differences[differences.count - 1] - differences[0]
      #expect(middle.map { $0 >= 0 && $0 <= 1.1 } ?? false, "\(middle ?? -1) ms")
      #expect(worst.map { abs($0 - expected * 1000) <= (hasSteadyClock ? 1 : 4) } ?? false, "\(worst ?? -1) ms")
    }

    /// Trades bars on the clock of another program, whose messages jitter by up to 3 ms; a second clock is reported and
    /// not followed, and Stop silences the model.
    @Test func followsAClockThatJitters() async throws {
      let session = try await LiveSession(["--mode", "trade", "--bars", "1"])
      let (master, rival) = (try await Peer("Master"), try await Peer("Rival"))
      for peer in [master, rival] { try await session.connect(peer, "input", .output) }
      let instrument = try #require(session.instrument)
      let ahead = await instrument.isAhead(of: master)
      let keyboardsAhead = await session.keyboard.isAhead(of: master)
      // The clock starts some time after the session.
      let start = await master.client.now.rawValue + 0.6
      // At 120 a bar takes 2 s.
      let stop = start + 7
      var generator = SeededGenerator(seed: 4)
      try await master.client.schedule(.system(.start), from: master.port, at: Seconds(start - 0.01))
      for index in 0..<(7 * 48) {
        let time = start + Double(index) / 48 + .random(in: -0.003...0.003, using: &generator)
        try await master.client.schedule(.system(.clock), from: master.port, at: Seconds(time))
      }
      try await master.client.schedule(.system(.stop), from: master.port, at: Seconds(stop))
      for bar in [0.0, 2] {
        for index in 0..<8 {
          let time = start + keyboardsAhead + 2 * bar + 0.24 * Double(index)
          for (message, delay) in [(MIDIMessage.noteOn(60 + index), 0), (.noteOff(60 + index), 0.2)] {
            try await session.keyboard.client.schedule(
              message, from: session.keyboard.port, at: Seconds(time + delay))
          }
        }
      }
      for peer in [master, session.keyboard] { try await peer.client.flush() }
      try await master.rest(until: Seconds(start + 1))
      try await rival.send([.system(.start)] + (0..<30).map { _ in .system(.clock) }, gap: 0.013)
      #expect(try await eventually { session.program.errors.contains("sends MIDI clock too") })
      // Long enough for a note after Stop, which must not come.
      try await master.rest(until: Seconds(stop + 1))
      let bars = await session.onsets.map { ($0 - ahead - start) / 2 }
      #expect(bars.count >= 6, "\(bars)")
      // Sixteenths of 125 ms, and their quarters for what is faster.
      let unit = 0.03125
      for bar in bars {
        // A note on a bar line may arrive slightly before it.
        #expect(Int((bar + 0.005).rounded(.down)) % 2 == 1, "a note in the player's bars: \(bar)")
        let error = abs(2 * bar - (2 * bar / unit).rounded() * unit)
        #expect(error < 0.003 + tolerance, "\(error * 1000) ms off the grid at bar \(bar)")
        #expect(start + 2 * bar < stop + 0.015 + tolerance, "a note after Stop: \(bar)")
      }
      #expect(Set(bars.map { Int(($0 + 0.005).rounded(.down)) }) == [1, 3])
      #expect(try await session.end() == 0)
      #expect(await session.hanging.isEmpty)
      #expect(session.reported("losses") == 0)
      let jitter = try #require(session.reported("jitterMs"))
      #expect(jitter > 0.5 && jitter < 3)
      try await session.expectSameAgain()
    }

    /// A flood of messages is received or counted as lost, and then the session continues.
    @Test func survivesAFlood() async throws {
      let session = try await LiveSession(["--answer", "2"])
      try await session.call(notes: 6)
      #expect(try await session.waitForAnswer(notes: 2))
      try await session.keyboard.send(
        (0..<5000).map { $0 % 2 == 0 ? .noteOn(30 + $0 / 2 % 80) : .noteOff(30 + $0 / 2 % 80) })
      try await session.keyboard.send((30..<110).map { .noteOff($0) })
      // Long enough for an answer to the flood, if there is one, to begin and to end.
      try await rest(.seconds(6))
      #expect(await session.hanging.isEmpty)
      let count = await session.answer.count
      try await session.call(notes: 6)
      #expect(try await session.waitForAnswer(notes: 2, after: count))
      #expect(try await session.end() == 0, "\(session.program.errors)")
      #expect(await session.hanging.isEmpty)
      let heard = try MIDIFile(path: session.take).score.tracks[0].notes.count
      #expect(heard + Int(session.reported("lost") ?? 0) >= 2500 + 12)
    }

    /// Controls do what `--map` assigns and are not heard as music, and `--state-cc` follows the turns.
    @Test func controlsDoAsMapped() async throws {
      let session = try await LiveSession([
        "--map", "cc:74=panic", "--map", "cc:74=develop:0..1", "--map", "note:21=panic", "--state-cc", "102",
        "--answer", "8",
      ])
      try await session.keyboard.send([.controller(Controller(masking: 74), 127)])
      try await session.call(notes: 5)
      #expect(try await session.waitForAnswer(notes: 3))
      try await session.keyboard.send([.noteOn(21), .noteOff(21)])
      let silencing = MIDIMessage.controller(.allSoundOff, 0, channel: 1)
      #expect(try await eventually { await session.answer.contains { $0.message == silencing } })
      #expect(await session.hanging.isEmpty)
      let (silence, count) = (await session.onsets.count, await session.answer.count)
      try await session.call(notes: 5)
      // An answer would begin within 1.6 seconds: a pause of one second, and its entry.
      try await rest(.seconds(2))
      #expect(await session.onsets.count == silence, "the model plays after a panic")
      try await session.keyboard.send([.noteOn(21), .noteOff(21)])
      try await session.call(notes: 5)
      #expect(try await session.waitForAnswer(notes: 1, after: count))
      #expect(try await session.end() == 0)
      #expect(await session.hanging.isEmpty)
      let you = try MIDIFile(path: session.take).score.tracks[0]
      #expect(you.texts.map(\.string).contains("aurl set develop 1.0"))
      #expect(you.notes.count == 15 && you.controls.isEmpty)
      let lights = await session.answer.compactMap { event -> UInt8? in
        guard case .channel(let message) = event.message,
          case .control(.controller(Controller(masking: 102), let value)) = message.kind
        else { return nil }
        return value
      }
      // The first value may be sent before the instrument is connected.
      #expect(lights.drop { $0 == 0 }.starts(with: [1, 2, 0, 1, 2]), "\(lights)")
      // Every field of the report is documented.
      let names = contents(of: session.report).matches(of: /"([a-zA-Z0-9]+)":/).map { String($0.1) }
      let document = contents(of: "docs/live.md")
      try #require(!document.isEmpty && names.count > 20)
      let unexplained = Set(names).filter { !document.contains("`\($0)`") }
      #expect(unexplained.isEmpty, "not in docs/live.md")
    }

    /// A device that is unplugged while the model listens or plays, and plugged in again: no note hangs, the session
    /// continues, and the device is used again.
    @Test(.enabled(if: hasVirtualDevices && access(driver, W_OK) == 0), arguments: [false, true])
    func aDeviceIsUnplugged(whilePlaying: Bool) async throws {
      let listener = try await Peer("Listener")
      let session = try await LiveSession(["--answer", "10", "--to", "VirMIDI 0-0"])
      if whilePlaying {
        try await session.call(notes: 5)
        #expect(try await session.waitForAnswer(notes: 3))
      }
      plug("unbind")
      #expect(try await eventually { session.program.errors.contains("has vanished") }, "\(session.program.errors)")
      // The device stays away for a while.
      try await rest(.seconds(1))
      plug("bind")
      #expect(try await eventually { session.program.errors.contains("is back") })
      // The output of a virtual device can be read only at its other end; the instrument is connected beside it.
      let count = await session.answer.count
      try await session.call(notes: 5)
      #expect(try await session.waitForAnswer(notes: 3, after: count))
      #expect(!session.program.hasEnded)
      #expect(try await session.end() == 0)
      let turns = contents(of: session.report).matches(of: /"notes":([0-9]+)/).compactMap { Int($0.1) }
      #expect(turns.count == (whilePlaying ? 2 : 1) && turns.allSatisfy { $0 > 0 }, "\(turns)")
      _ = listener
    }
  }
}

/// The folder with which snd-virmidi is unbound and bound.
private let driver = "/sys/bus/platform/drivers/snd_virmidi"

private func plug(_ way: String) {
  guard let file = fopen("\(driver)/\(way)", "w") else { return }
  fputs("snd_virmidi.0", file)
  fclose(file)
}
