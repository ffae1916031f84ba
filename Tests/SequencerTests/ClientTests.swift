import Glibc
import MIDIPorts
import MusicCore
import Playing
import Synchronization
import Testing

private final class Counter: Sendable {
  private let count = Atomic(0)

  var value: Int { count.load(ordering: .relaxed) }

  func add(_ number: Int) { count.add(number, ordering: .relaxed) }
}

extension SequencerTests {
  @Suite struct ClientTests {
    @Test func aBurstOfTenThousandArrivesOrIsCounted() async throws {
      let (sender, receiver) = (try await Peer("sender"), try await Peer("receiver"))
      try await receiver.client.connect(receiver.port, .input, sender.port)
      try await sender.send((0..<10_000).map { $0 % 2 == 0 ? .noteOn($0 / 2 % 128) : .noteOff($0 / 2 % 128) })
      try await sender.send([.noteOn(127, channel: 15)])
      #expect(try await eventually { await receiver.messages.last?.message == .noteOn(127, channel: 15) })
      let (arrived, lost) = (await receiver.messages.count, await receiver.lostCount)
      #expect(arrived + lost == 10_001)
      #expect(arrived >= 2000)
    }

    @Test func anOverrunIsCountedAndEnds() async throws {
      let (sender, receiver) = (try await Peer("sender"), try await Peer("receiver"))
      try await receiver.client.connect(receiver.port, .input, sender.port)
      let (arrived, lost, sent) = (Counter(), Counter(), Counter())
      // The receiver's thread is busy while more events arrive than its pool holds.
      await receiver.client.onArrival { client, arrival in
        switch arrival {
        case .message(.system(.start), _, _):
          // At most ten seconds, so that the thread can end if the sender fails.
          for _ in 0..<10_000 where sent.value == 0 { usleep(1000) }
        case .message: arrived.add(1)
        case .lost(let events): lost.add(events)
        default: break
        }
      }
      try await sender.send([.system(.start)])
      for _ in 0..<5 { try await sender.send((0..<1000).map { .noteOn($0 % 128) }) }
      sent.add(5000)
      #expect(
        try await eventually { arrived.value + lost.value == sent.value },
        "\(arrived.value) arrived, \(lost.value) lost")
      await receiver.client.onArrival(nil)
      #expect(lost.value > 0)
      try await sender.send([.noteOn(1, channel: 3)])
      #expect(try await eventually { await receiver.messages.last?.message == .noteOn(1, channel: 3) })
    }

    @Test func everyMessageArrivesAsItWasSent() async throws {
      let (sender, receiver) = (try await Peer("sender"), try await Peer("receiver"))
      try await receiver.client.connect(receiver.port, .input, sender.port)
      let channel = Channel(status: 5)
      let messages: [MIDIMessage] = [
        .noteOn(60, channel: 3, velocity: 1), .noteOff(60, channel: 3), .controller(.pan, 17),
        .control(channel, .program(Program(masking: 99))), .control(channel, .pitchBend(-8192)),
        .control(channel, .pitchBend(8191)), .control(channel, .channelPressure(77)),
        .control(channel, .keyPressure(Pitch(masking: 61), 12)), .systemExclusive([0x7E, 0x7F, 0x09, 0x01]),
        .systemExclusive((0..<20_000).map { UInt8($0 % 128) }), .system(.clock), .system(.start),
        .system(.continue), .system(.stop), .system(.songPosition(16_383)), .system(.songSelect(3)),
        .system(.timecodeQuarterFrame(0x71)), .system(.tuneRequest), .system(.activeSensing), .system(.reset),
      ]
      // The long message takes six seconds on a cable.
      try await sender.send(messages, gap: 0.7)
      #expect(try await eventually { await receiver.messages.count == messages.count })
      let (received, sent) = (Set(await receiver.messages.map(\.message)), Set(messages))
      #expect(received.subtracting(sent).isEmpty)
    }

    @Test func thruOnTheClientsThread() async throws {
      let (sender, receiver) = (try await Peer("sender"), try await Peer("receiver"))
      let thru = try SequencerClient(name: "thru")
      let port = try await thru.createPort(name: "thru", directions: [.input, .output])
      await thru.onArrival { client, arrival in
        if case .message(let message, _, _) = arrival { _ = try? client.send(message, from: port) }
      }
      try await thru.connect(port, .input, sender.port)
      try await thru.connect(port, .output, receiver.port)
      let messages: [MIDIMessage] = (0..<100).flatMap { [.noteOn($0), .noteOff($0)] }
      try await sender.send(messages, gap: 0.001)
      #expect(try await eventually { await receiver.messages.map(\.message) == messages })
      // A client can end the notes that still sound through it.
      try await sender.send([.noteOn(60), .controller(.sustain, 127)], gap: 0.001)
      #expect(try await eventually { await receiver.messages.count == messages.count + 2 })
      await thru.silence()
      #expect(try await eventually { await receiver.messages.last?.message == .controller(.allSoundOff, 0) })
      let ending = await receiver.messages.dropFirst(messages.count + 2).map(\.message)
      #expect(ending.first == .noteOff(60))
      #expect(ending.contains(.controller(.sustain, 0)))
    }

    @Test func aFullPoolBlocksTheSenderAndCanBeAbandoned() async throws {
      let (sender, receiver) = (try await Peer("sender"), try await Peer("receiver"))
      try await receiver.client.connect(receiver.port, .input, sender.port)
      let scheduled = Counter()
      let work = Task {
        // Events that are all due in an hour, more than the kernel and the buffer hold.
        let later = await sender.client.now + Seconds(3600)
        for index in 0..<20_000 {
          try await sender.client.schedule(.noteOn(index % 128), from: sender.port, at: later)
          scheduled.add(1)
        }
      }
      // It is blocked when it has scheduled more than the kernel holds, and nothing more for ten looks.
      var looks: [Int] = []
      #expect(
        try await eventually {
          looks.append(scheduled.value)
          let last = looks.suffix(10)
          return last.count == 10 && last.allSatisfy { $0 > 2000 && $0 == last.first }
        }, "\(scheduled.value) scheduled")
      work.cancel()
      let result = await work.result
      #expect(throws: CancellationError.self) { try result.get() }
      await sender.client.silence()
      try await sender.send([.noteOn(60), .noteOff(60)])
      #expect(try await eventually { await receiver.messages.contains { $0.message == .noteOff(60) } })
      let onsets = await receiver.messages.filter { $0.message.onset != nil }
      #expect(onsets.count == 1)
    }

    /// Scheduled events of one port can be canceled in the kernel from a given time on, all of them or only note-ons.
    /// Earlier events and other ports of the client are not affected.
    @Test func scheduledEventsAreCanceled() async throws {
      let (sender, receiver) = (try await Peer("sender"), try await Peer("receiver"))
      let other = try await sender.client.createPort(name: "other", directions: [.output])
      for port in [sender.port, other] { try await receiver.client.connect(receiver.port, .input, port) }
      let start = await sender.client.now + Seconds(0.3)
      for index in 0..<40 {
        let time = start + Seconds(0.01 * Double(index))
        try await sender.client.schedule(.noteOn(index), from: sender.port, at: time)
        try await sender.client.schedule(.noteOff(index), from: sender.port, at: time + Seconds(0.005))
        if index % 10 == 0 {
          try await sender.client.schedule(.noteOn(index == 30 ? 126 : 100 + index), from: other, at: time)
        }
      }
      try await sender.client.flush()
      // An event that is still in the buffer of this process.
      _ = try await sender.client.trySchedule(.noteOn(90), from: sender.port, at: start + Seconds(0.6))
      let onsets = await sender.client.cancel(on: sender.port, from: start + Seconds(0.2), onlyOnsets: true)
      let rest = await sender.client.cancel(on: sender.port, from: start + Seconds(0.3))
      #expect(onsets.count == 21 && onsets.strays.isEmpty && rest.count == 10)
      // Past the time of everything that was canceled.
      try await sender.rest(until: start + Seconds(0.7))
      let messages = await receiver.messages.map(\.message)
      let pitches = messages.compactMap { $0.onset.map { Int($0.rawValue) } }
      #expect(pitches.filter { $0 < 100 } == Array(0..<20))
      #expect(pitches.filter { $0 >= 100 } == [100, 110, 120, 126])
      #expect(messages.filter { $0.onset == nil }.count == 30)
      // Sounding notes are released, not cut off.
      try await sender.send([.noteOn(60), .controller(.sustain, 127), .controller(.modulation, 9)])
      #expect(try await eventually { await receiver.messages.last?.message == .controller(.modulation, 9) })
      await sender.client.release(sender.port)
      #expect(try await eventually { await receiver.messages.last?.message == .controller(.modulation, 0) })
      let ending = await receiver.messages.map(\.message).suffix(3)
      #expect(Array(ending) == [.noteOff(60), .controller(.sustain, 0), .controller(.modulation, 0)])
    }

    @Test func portsAreListedWatchedAndNamed() async throws {
      let watching = try Subprocess([aurl, "ports", "--watch"])
      #expect(try await eventually { watching.output.contains("Midi Through Port-0") })
      var peer: Peer? = try await Peer("Quote\"d")
      #expect(try await eventually { watching.output.contains("+ ") && watching.output.contains("Quote\"d") })
      let listing = try Subprocess(["aplaymidi", "-l"])
      _ = try await listing.exitStatus()
      #expect(listing.output.contains("Quote\"d"))
      let json = try Subprocess([aurl, "ports", "--json"])
      #expect(try await json.exitStatus() == 0)
      let entry = ##""client":"Quote\"d","input":true,"kind":"application","name":"port","output":true"##
      #expect(json.output.contains(entry))
      #expect(peer != nil)
      peer = nil
      #expect(try await eventually { watching.output.contains("- ") })
      watching.send(SIGTERM)
      #expect(try await watching.exitStatus() == 0)
    }

    @Test func monitorPrintsWhatArrives() async throws {
      let peer = try await Peer()
      let monitor = try Subprocess([aurl, "monitor", "--from", "peer"])
      #expect(try await eventually { await peer.isHeard }, "\(monitor.errors)")
      try await peer.send([.noteOn(61, velocity: 99), .systemExclusive([1, 2, 0x7F])], gap: 0.25)
      #expect(try await eventually { monitor.output.contains("F0 01 02 7F F7") })
      monitor.send(SIGINT)
      #expect(try await monitor.exitStatus() == 0)
      #expect(monitor.output.contains("ch  1  note on    61 C#4   velocity 99"))
    }

    @Test func anUnknownPortIsRefused() async throws {
      let playing = try Subprocess([aurl, "play", try file(music(notes: 3)), "--to", "No such thing"])
      #expect(try await playing.exitStatus() == 69)
      #expect(playing.errors.contains("Midi Through"))
    }
  }
}
