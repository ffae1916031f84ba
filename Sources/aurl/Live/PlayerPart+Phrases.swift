import Improvisation
import MusicCore

extension PlayerPart {
  /// A phrase: what happens in it, on a clock that begins with it.
  struct Phrase {
    var events: [(event: DuetDriver.Event, tick: Tick)] = []
  }

  /// The part cut into phrases of about `seconds`, each where the longest time passes before an onset. What sounds at the
  /// end of one ends there, and a pedal that is down is lifted and pressed again.
  func phrases(of seconds: Double) -> [Phrase] {
    var phrases: [Phrase] = []
    var (phrase, start, down, isSustained) = (Phrase(), events.first?.tick ?? .zero, Set<Key>(), false)
    let cuts = Set(cuts(every: seconds))
    for (index, item) in events.enumerated() {
      if cuts.contains(index) {
        let end = item.tick - start
        for key in down.sorted() {
          let off = ChannelMessage(channel: key.channel, kind: .noteOff(key.pitch, Velocity(masking: 64)))
          phrase.events.append((.message(off), end))
        }
        if isSustained { phrase.events.append((.message(Self.pedal(0)), end)) }
        phrases.append(phrase)
        (phrase, start, down) = (Phrase(), item.tick, [])
        if isSustained { phrase.events.append((.message(Self.pedal(127)), .zero)) }
      }
      if case .message(let message) = item.event {
        let isHeard = follow(message, &down, &isSustained)
        guard isHeard else { continue }
      }
      phrase.events.append((item.event, item.tick - start))
    }
    return phrases + [phrase]
  }

  private struct Key: Hashable, Comparable {
    var channel: Channel
    var pitch: Pitch

    static func < (a: Key, b: Key) -> Bool { (a.channel, a.pitch) < (b.channel, b.pitch) }
  }

  /// Keeps account of keys and pedal; false for the end of a note that a cut has ended.
  private func follow(_ message: ChannelMessage, _ down: inout Set<Key>, _ isSustained: inout Bool) -> Bool {
    switch message.kind {
    case .noteOn(let pitch, _): down.insert(Key(channel: message.channel, pitch: pitch))
    case .noteOff(let pitch, _): return down.remove(Key(channel: message.channel, pitch: pitch)) != nil
    case .control(.controller(.sustain, let value)): isSustained = value >= 64
    case .control: break
    }
    return true
  }

  private static func pedal(_ value: UInt8) -> ChannelMessage {
    ChannelMessage(channel: Channel(status: 0), kind: .control(.controller(.sustain, value)))
  }

  /// The events with which phrases begin, but for the first.
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
