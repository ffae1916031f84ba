import MusicCore
import Playing
import TestSupport
import Testing

struct PendingMessagesTests {
  private func on(_ pitch: UInt8) -> ChannelMessage {
    ChannelMessage(channel: Channel(status: 1), kind: .noteOn(Pitch(masking: pitch), Velocity(masking: 80)))
  }

  private func off(_ pitch: UInt8) -> ChannelMessage {
    ChannelMessage(channel: Channel(status: 1), kind: .noteOff(Pitch(masking: pitch), Velocity(masking: 64)))
  }

  @Test func messagesCanceledBeforeTheirTimeAreNotReturned() {
    var pending = PendingMessages()
    pending.add(on(60), at: Seconds(1))
    pending.add(off(60), at: Seconds(2))
    pending.add(on(62), at: Seconds(1.5))
    #expect(pending.nextTime == Seconds(0.96))
    let first = pending.take(at: Seconds(0.97)).map(\.message)
    let canceled = pending.cancel(from: Seconds(1.2), onlyOnsets: true)
    let rest = pending.take(at: Seconds(3)).map(\.message)
    #expect(first == [on(60)] && canceled == 1 && rest == [off(60)])
    pending.add(off(64), at: Seconds(4))
    let canceledEnds = pending.cancel(from: Seconds(4))
    #expect(canceledEnds == 1)
    #expect(pending.isEmpty)
  }

  /// A late note-off is sent at once; a note-on that is too late is dropped together with its own note-off only.
  @Test func lateNotesDoNotHang() {
    var pending = PendingMessages()
    pending.add(on(60), at: Seconds(1))
    pending.add(off(60), at: Seconds(1.2))
    pending.add(on(62), at: Seconds(1.98))
    pending.add(off(62), at: Seconds(1.99))
    let late = pending.take(at: Seconds(2))
    #expect(late.map(\.message) == [on(62), off(62)] && late.allSatisfy { $0.time == Seconds(2) })
    #expect(pending.droppedCount == 1 && pending.lateCount == 1)
    func taken(at time: Double) -> [ChannelMessage] { pending.take(at: Seconds(time)).map(\.message) }
    pending.add(off(62), at: Seconds(0.5))
    let late62 = taken(at: 3)
    pending.add(on(60), at: Seconds(3))
    pending.add(off(60), at: Seconds(3.1))
    let dropped = taken(at: 4) + taken(at: 5)
    pending.add(on(60), at: Seconds(6))
    pending.add(off(60), at: Seconds(6.1))
    let (begun, ended) = (taken(at: 6), taken(at: 6.1))
    #expect(late62 == [off(62)] && dropped.isEmpty && begun == [on(60)] && ended == [off(60)])
  }

  /// Notes that are ended because nothing more comes are not ended again, and the next note on their keys is.
  @Test func heldNotesEndOnce() {
    var pending = PendingMessages()
    for (message, time) in [(on(60), 1.0), (on(64), 1.1), (on(62), 1.2), (off(62), 1.3)] {
      pending.add(message, at: Seconds(time))
    }
    func taken(at time: Double) -> [ChannelMessage] { pending.take(at: Seconds(time)).map(\.message) }
    let before = [1.0, 1.1, 1.2, 1.3].flatMap(taken)
    let ended = pending.endSounding()
    let again = pending.endSounding()
    #expect(before == [on(60), on(64), on(62), off(62)] && ended == [off(60), off(64)] && again.isEmpty)
    // The engine, which is late, ends them too; and it plays one of them again.
    for (message, time) in [(off(60), 1.8), (on(60), 1.9), (off(60), 2.0)] { pending.add(message, at: Seconds(time)) }
    let after = [1.8, 1.9, 2.0].flatMap(taken)
    #expect(after == [on(60), off(60)])
    // A note-off that never comes must not cost the next note its own.
    pending.add(on(64), at: Seconds(3))
    pending.add(off(64), at: Seconds(3.1))
    let last = [3.0, 3.1].flatMap(taken)
    #expect(last == [on(64), off(64)])
  }

  /// A plan that runs out while more is to come is counted once, and what sounds is held for 0.3 s.
  @Test func aPlanThatRunsOutIsCounted() {
    var watch = PlanWatch()
    func ends(at times: [Double]) -> [Bool] { times.map { watch.pass(to: Seconds($0)) } }
    let idle = ends(at: [0, 5])
    watch.plannedUntil = Seconds(7)
    let inTime = ends(at: [5.1, 6.9, 6.955])
    #expect(!idle.contains(true) && !inTime.contains(true) && watch.underrunCount == 0)
    let late = ends(at: [6.97, 7.1, 7.26, 7.28, 7.5, 9])
    #expect(late == [false, false, false, true, false, false] && watch.underrunCount == 1)
    // More comes, and runs out again; but where the answer is over, nothing does.
    watch.plannedUntil = Seconds(9.5)
    let second = ends(at: [9.1, 9.48, 9.6])
    #expect(!second.contains(true) && watch.underrunCount == 2)
    watch.plannedUntil = nil
    let over = ends(at: [9.7, 20])
    #expect(!over.contains(true) && watch.underrunCount == 2)
  }

  /// Every note that starts also ends, whatever is late or canceled.
  @Test func everyNoteThatStartsEnds() {
    for seed in 0..<50 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      var (pending, now, sounding) = (PendingMessages(), 0.0, [Pitch: Int]())
      func give(_ events: [PendingMessages.Event]) {
        for event in events {
          switch event.message.kind {
          case .noteOn(let pitch, _): sounding[pitch, default: 0] += 1
          case .noteOff(let pitch, _): sounding[pitch, default: 0] -= 1
          case .control: break
          }
        }
      }
      for _ in 0..<300 {
        let (pitch, start) = (
          UInt8.random(in: 50...55, using: &generator), now + .random(in: -0.1...0.3, using: &generator)
        )
        pending.add(on(pitch), at: Seconds(start))
        pending.add(off(pitch), at: Seconds(start + .random(in: 0...0.2, using: &generator)))
        if generator.oneIn(5) { pending.cancel(from: Seconds(now + 0.05), onlyOnsets: true) }
        now += [0.001, 0.02, 0.4].randomElement(using: &generator) ?? 0
        give(pending.take(at: Seconds(now)))
      }
      give(pending.take(at: Seconds(now + 10)))
      #expect(sounding.values.allSatisfy { $0 <= 0 }, "seed \(seed)")
    }
  }

  @Test func echoesAreIgnored() {
    var filter = FeedbackFilter()
    func isEcho(_ message: ChannelMessage, _ time: Double) -> Bool { filter.isEcho(message, at: Seconds(time)) }
    filter.send(on(60), at: Seconds(1))
    filter.send(off(60), at: Seconds(1.5))
    let released = ChannelMessage(
      channel: Channel(status: 1), kind: .noteOff(Pitch(masking: 60), Velocity(masking: 0)))
    // The third message is a new note, not an echo.
    let echoes = [isEcho(on(61), 1.001), isEcho(on(60), 1.01), isEcho(on(60), 1.02), isEcho(released, 1.501)]
    #expect(echoes == [false, true, false, true])
    filter.send(on(60), at: Seconds(2))
    let (early, late) = (isEcho(on(60), 1.9), isEcho(on(60), 2.04))
    #expect(!early && !late && filter.count == 2)
  }
}
