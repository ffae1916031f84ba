import Improvisation
import MusicCore

extension PlayerPart {
  /// A phrase: its events, on a clock that starts with it.
  struct Phrase {
    var events: [(event: DuetDriver.Event, tick: Tick)] = []
  }

  /// The phrases that are played, with a wait for the answer after each: as many bars as are traded, or as the option
  /// `--phrases` says, or the whole part.
  func phrases(_ options: Live) -> [Phrase] {
    if let barLength { return phrases(cut: barLength) }
    return options.phrases.map { phrases(of: $0) } ?? [Phrase(events: events)]
  }

  /// When the next phrase begins if the answer to the one before is over at `time`: at a bar line if bars are traded,
  /// otherwise after a breath.
  func nextStart(after time: Tick, _ beat: BeatArguments) -> Tick {
    pulse?.next(2 * Double(beat.bars) * beat.meter.meaning.quartersPerBar, from: time) ?? time + Tick(ofSession: 0.5)
  }

  /// The part split into phrases of about `seconds`, at the longest gaps before an onset. Sounding notes end with their
  /// phrase, and a pedal that is down is lifted and pressed again.
  func phrases(of seconds: Double) -> [Phrase] {
    let cuts = cuts(every: seconds).map { (index: $0, tick: events[$0].tick) }
    return phrases(from: events.first?.tick ?? .zero, cuts)
  }

  /// The part split into periods of `seconds`, each phrase on a clock that starts with its period.
  func phrases(cut seconds: Double) -> [Phrase] {
    var (cuts, round) = ([(index: Int, tick: Tick)](), 0)
    for (index, item) in events.enumerated() {
      guard case .message(let message) = item.event, case .noteOn = message.kind else { continue }
      // Events a few milliseconds before a bar line belong to the next bar.
      let current = Int(((item.tick.sessionSeconds + 0.005) / seconds).rounded(.down))
      if current > round { cuts.append((index, Tick(ofSession: Double(current) * seconds))) }
      round = current
    }
    return phrases(from: .zero, cuts)
  }

  /// - Parameter cuts: the events with which phrases begin, except for the first phrase, and the starts of their
  ///   clocks.
  private func phrases(from first: Tick, _ cuts: [(index: Int, tick: Tick)]) -> [Phrase] {
    var phrases: [Phrase] = []
    var (phrase, start, down, isSustained) = (Phrase(), first, Set<ChannelPitch>(), false)
    let cuts = Dictionary(uniqueKeysWithValues: cuts.map { ($0.index, $0.tick) })
    for (index, item) in events.enumerated() {
      if let cut = cuts[index] {
        let end = min(item.tick, cut) - start
        for key in down.sorted() {
          let off = ChannelMessage(channel: key.channel, kind: .noteOff(key.pitch, Velocity(masking: 64)))
          phrase.events.append((.message(off), end))
        }
        if isSustained { phrase.events.append((.message(Self.pedal(0)), end)) }
        phrases.append(phrase)
        (phrase, start, down) = (Phrase(), cut, [])
        if isSustained { phrase.events.append((.message(Self.pedal(127)), .zero)) }
      }
      if case .message(let message) = item.event {
        let isHeard = follow(message, &down, &isSustained)
        guard isHeard else { continue }
      }
      phrase.events.append((item.event, max(.zero, item.tick - start)))
    }
    return phrases + [phrase]
  }

  /// Tracks keys and pedal; false for the end of a note that a split has already ended.
  private func follow(_ message: ChannelMessage, _ down: inout Set<ChannelPitch>, _ isSustained: inout Bool) -> Bool {
    switch message.kind {
    case .noteOn(let pitch, _): down.insert(ChannelPitch(message.channel, pitch))
    case .noteOff(let pitch, _): return down.remove(ChannelPitch(message.channel, pitch)) != nil
    case .control(.controller(.sustain, let value)): isSustained = value >= 64
    case .control: break
    }
    return true
  }

  private static func pedal(_ value: UInt8) -> ChannelMessage {
    ChannelMessage(channel: Channel(status: 0), kind: .control(.controller(.sustain, value)))
  }

  /// The events with which phrases begin, except for the first phrase.
  private func cuts(every seconds: Double) -> [Int] {
    var (cuts, start, last) = ([Int](), events.first?.tick ?? .zero, Tick?.none)
    var best: (index: Int, gap: Tick)?
    for (index, item) in events.enumerated() {
      guard case .message(let message) = item.event, case .noteOn = message.kind else { continue }
      let (elapsed, gap) = ((item.tick - start).sessionSeconds, item.tick - (last ?? item.tick))
      last = item.tick
      if elapsed > 1.25 * seconds, let cut = best {
        cuts.append(cut.index)
        (start, best) = (events[cut.index].tick, nil)
      }
      let isNear = ((item.tick - start).sessionSeconds) >= 0.75 * seconds
      if isNear, gap > best?.gap ?? .zero { best = (index, gap) }
    }
    return cuts
  }
}
