import MusicCore
import Playing
import Testing

struct OutputLedgerTests {
  @Test func notesScheduledForLaterNeedNoEnding() {
    var ledger = OutputLedger()
    ledger.schedule(.on(60), at: Seconds(1))
    ledger.schedule(.on(64), at: Seconds(3))
    let sounding = ledger.interrupt(after: Seconds(2), before: Seconds(2.001))
    #expect(sounding.releasing() == [.off(60)])
  }

  @Test func anEndingCountsOnlyIfItWasCertainlyDelivered() {
    var ledger = OutputLedger()
    for (pitch, end) in [(60, 1.5), (64, 1.999), (67, 5)] {
      ledger.schedule(.on(UInt8(pitch)), at: Seconds(1))
      ledger.schedule(.off(UInt8(pitch)), at: Seconds(end))
    }
    // The second note-off may have been dropped just before it was due, so it is sent again.
    #expect(ledger.interrupt(after: Seconds(2), before: Seconds(2.001)).releasing() == [.off(64), .off(67)])
  }

  @Test func aBeginningWithinTheInterruptionIsEnded() {
    var ledger = OutputLedger()
    ledger.schedule(.on(60), at: Seconds(2.0005))
    ledger.schedule(.set(.sustain, 127), at: Seconds(2.0005))
    let sounding = ledger.interrupt(after: Seconds(2), before: Seconds(2.001))
    #expect(sounding.releasing() == [.off(60), .set(.sustain, 0)])
  }

  /// A reset that was delivered ends the sounding notes; one that was dropped does not.
  @Test func resetsAndChannelModeMessagesEndNotes() {
    for end in [.systemExclusive([0x7E, 0x7F, 9, 1]), .set(Controller(masking: 127), 0)] as [MIDIMessage] {
      var ledger = OutputLedger()
      ledger.schedule(.on(60), at: Seconds(1))
      ledger.schedule(end, at: Seconds(1.5))
      ledger.schedule(.on(62), at: Seconds(1.6))
      ledger.schedule(end, at: Seconds(2.5))
      #expect(ledger.interrupt(after: Seconds(2), before: Seconds(2.001)).releasing() == [.off(62)])
    }
  }

  @Test func settlingKeepsSoundingNotes() {
    var ledger = OutputLedger()
    for index in 0..<5000 {
      ledger.schedule(.on(60), at: Seconds(Double(index)))
      ledger.schedule(.off(60), at: Seconds(Double(index) + 0.5))
      ledger.settle(by: Seconds(Double(index)))
    }
    ledger.schedule(.on(72), at: Seconds(5000))
    ledger.settle(by: Seconds(6000))
    #expect(ledger.isSettled)
    ledger.send(.on(73))
    #expect(ledger.interrupt(after: Seconds(6000), before: Seconds(6000)).releasing() == [.off(72), .off(73)])
  }

  @Test func afterAnInterruptionNothingIsLeftToEnd() {
    var ledger = OutputLedger()
    ledger.schedule(.on(60), at: Seconds(1))
    _ = ledger.interrupt(after: Seconds(2), before: Seconds(2))
    #expect(ledger.interrupt(after: Seconds(3), before: Seconds(3)).silencing() == [])
  }
}

extension OutputLedgerTests {
  /// A ledger of notes in various states at 2 s: 60 sounds, 62 has not started, 64 may have started, 67 may have ended.
  private var ledger: OutputLedger {
    var ledger = OutputLedger()
    for (pitch, start, end) in [(60, 1, 5), (62, 2.5, 3), (64, 2.0005, 4), (67, 1, 2.0005)] as [(UInt8, Double, Double)]
    {
      ledger.schedule(.on(pitch), at: Seconds(start))
      ledger.schedule(.off(pitch), at: Seconds(end))
    }
    return ledger
  }

  /// Canceled notes are not expected to sound, and notes that may have started are ended.
  @Test func canceledNotesDoNotSound() {
    var ledger = ledger
    let cancellation = ledger.cancel(from: Seconds(2), before: Seconds(2.001))
    #expect(cancellation.count == 5 && cancellation.strays == [.off(64)])
    #expect(ledger.sounding.releasing() == [.off(60), .off(64), .off(67)])
  }

  @Test func onsetsAloneAreCanceled() {
    var ledger = ledger
    let cancellation = ledger.cancel(from: Seconds(2), onlyOnsets: true, before: Seconds(2.001))
    #expect(cancellation.count == 1 && cancellation.strays == [.off(64)])
    #expect(ledger.sounding.isEmpty)
    ledger.settle(by: Seconds(3.5))
    #expect(ledger.interrupt(after: Seconds(3.5), before: Seconds(3.5)).releasing() == [.off(60), .off(64)])
  }

  /// Messages are ordered by time, not by when they were scheduled.
  @Test func orderIsThatOfTimes() {
    var ledger = OutputLedger()
    ledger.schedule(.off(60), at: Seconds(2))
    ledger.schedule(.on(60), at: Seconds(1))
    ledger.settle(by: Seconds(1.5))
    #expect(ledger.sounding.isEmpty)
    #expect(ledger.interrupt(after: Seconds(1.5), before: Seconds(1.5)).releasing() == [.off(60)])
  }

  @Test func changedControllersAreReset() {
    var ledger = OutputLedger()
    let bend = MIDIMessage.control(Channel(status: 3), .pitchBend(900))
    for message in [bend, .set(.modulation, 5), .set(.expression, 90), .set(.expression, 127)] { ledger.send(message) }
    let state = ledger.interrupt(after: Seconds(1), before: Seconds(1))
    #expect(state.restoring() == [.control(Channel(status: 3), .pitchBend(0)), .set(.modulation, 0)])
    #expect(state.releasing().isEmpty)
  }
}
