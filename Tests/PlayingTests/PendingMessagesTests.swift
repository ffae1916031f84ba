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
