import MIDIPorts
import MusicCore
import Testing

struct OutputLedgerTests {
  @Test func whatIsScheduledForLaterNeedsNoEnding() {
    var ledger = OutputLedger()
    ledger.schedule(.on(60), at: Seconds(1))
    ledger.schedule(.on(64), at: Seconds(3))
    let sounding = ledger.interrupt(after: Seconds(2), before: Seconds(2.001))
    #expect(sounding.releasing() == [.off(60)])
  }

  @Test func anEndingCountsOnlyWhenItWasSurelyDelivered() {
    var ledger = OutputLedger()
    for (pitch, end) in [(60, 1.5), (64, 1.999), (67, 5)] {
      ledger.schedule(.on(UInt8(pitch)), at: Seconds(1))
      ledger.schedule(.off(UInt8(pitch)), at: Seconds(end))
    }
    // The second may have been dropped just before it was due: it is ended again.
    #expect(ledger.interrupt(after: Seconds(2), before: Seconds(2.001)).releasing() == [.off(64), .off(67)])
  }

  @Test func aBeginningWithinTheInterruptionIsEnded() {
    var ledger = OutputLedger()
    ledger.schedule(.on(60), at: Seconds(2.0005))
    ledger.schedule(.set(.sustain, 127), at: Seconds(2.0005))
    let sounding = ledger.interrupt(after: Seconds(2), before: Seconds(2.001))
    #expect(sounding.releasing() == [.off(60), .set(.sustain, 0)])
  }

  @Test func settlingForgetsNothingThatSounds() {
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
