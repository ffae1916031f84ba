internal import MusicCore

/// Accompaniment: the machine plays while the human does.
extension Duet {
  /// The state of accompanying.
  struct Accompanying {
    var quota: OnsetQuota
    /// When the accompaniment was last planned, and from which step on.
    var plannedAt: Tick
    var from = 0
    /// The human's last onset since then.
    var struck: Tick?
    /// The side on which the machine plays; nil before anything is planned.
    var side: Side?
    /// When the last note of each pitch starts and ends, and whether it was prolonged.
    var notes: [Pitch: (onset: Tick, end: Tick, isProlonged: Bool)] = [:]
  }

  /// The part of the plan that is kept when the human strikes a key, in seconds: longer than generating takes, and
  /// longer than messages are sent ahead of their time.
  private static let lead = 0.1
  /// The shortest time between two plans, the length of a plan, and what is left of it when planning continues without
  /// a new onset.
  private static let (rethinking, reach, rest) = (Tick(step: 8), steps(1), steps(0.5))
  /// Notes last at least half the human's median interval, but need not last longer than this: planning anew with every
  /// key would cut them short.
  private static let longestRequired = 0.5
  /// How long after its onset a note of the human that has ended still counts as heard.
  private static let echoTime = Tick(ofSession: 0.25)
  /// A step that no accompaniment reaches.
  private static let never = Int.max / 4

  /// Begins to play beside the human.
  func join(_ handover: Handover) {
    turns.append(Turn(start: time, handover: handover, callNotes: call.strikes.count))
    (lastCall, turnVelocities) = (call, velocities)
    var answer = Answer(mayEndFrom: Self.never, end: Self.never, call: call)
    answer.hasBegun = true
    self.answer = answer
    var quota = OnsetQuota(share: settings.share)
    for strike in call.strikes { quota.humanStrikes(at: strike.tick) }
    accompanying = Accompanying(quota: quota, plannedAt: time - Self.rethinking, struck: time)
  }

  /// The human strikes a key while both play: planned notes on that key are canceled, and the rest is generated again.
  func hearStrike(of pitch: Pitch, at tick: Tick) {
    guard accompanying != nil else { return }
    accompanying?.quota.humanStrikes(at: tick)
    accompanying?.struck = tick
    guard !settings.sharesChannel else { return }
    let isSounding = sounding.contains(pitch)
    guard isSounding || plan.contains(where: { $0.pitch == pitch }) else { return }
    leave(pitch, at: tick)
    if isSounding { insert(PlannedEvent(tick: tick, pitch: pitch, level: nil)) }
  }

  /// When to plan next: soon after the human struck a key, otherwise when little of the plan is left.
  var accompanyingDeadline: Tick? {
    guard let accompanying, let answer, !answer.isLast, !musician.isThinking else { return nil }
    let soonest = accompanying.plannedAt + Self.rethinking
    if let struck = accompanying.struck { return max(soonest, struck.nextStep) }
    return max(soonest, Tick(step: (answer.until ?? time.step) - Self.rest).nextStep)
  }

  /// Plans what to play beside the human.
  func planAccompaniment() {
    guard var accompanying, let answer else { return }
    reflectIfDue()
    let last = time + Tick(ofSession: Self.lead + settings.latency)
    var from = max(last.step + 1, answer.until ?? 0)
    if accompanying.struck != nil || answer.until == nil {
      let count = plan.count
      // The musician has ended these notes already, and need not do so again.
      let ends = plan.filter { event in
        guard event.tick > last, event.level == nil, let note = accompanying.notes[event.pitch] else { return false }
        return note.isProlonged && note.onset <= last
      }
      plan.removeAll { $0.tick > last }
      if plan.count < count { cues.append(.cancel(after: last)) }
      accompanying.quota.forget(after: last)
      accompanying.notes = accompanying.notes.filter { $1.onset <= last }
      ends.forEach(insert)
      from = last.step + 1
    }
    (accompanying.plannedAt, accompanying.struck, accompanying.from) = (time, nil, from)
    accompanying.side = Side(beside: call, keeping: accompanying.side)
    self.accompanying = accompanying
    hear()
    var request = PlanRequest(
      from: from, until: from + Self.reach, latestOnset: nil, mayEndFrom: Self.never, end: Self.never, candidates: 2,
      budget: Int(settings.tokensPerSecond * 0.03), foreign: encoder.foreign, call: call, isFirst: false)
    request.side = accompanying.side
    request.call.share = settings.share
    if let zone, !zone.pitchClasses.isEmpty {
      request.chord = ChordZone.Chord(
        zone.pitchClasses, taking.pulse, quartersPerBeat: settings.turns.meter.quartersPerBeat)
    }
    request.clashing = clashing
    request.quantizer = quantizer(from: from, end: nil, open: openPitches(after: plan))
    thinkingDue = Tick(step: from)
    musician.begin(request)
    quantizer = request.quantizer
  }

  /// The pitch classes a semitone above or below what the human holds or has just struck. If the human strikes something
  /// else, all is planned anew.
  private var clashing: PitchClassSet {
    var sounding = encoder.foreign
    for strike in call.strikes.reversed() {
      guard strike.tick > time - Self.echoTime else { break }
      sounding.insert(Int(strike.pitch.rawValue))
    }
    let heard = sounding.pitchClasses
    return PitchClassSet(bits: heard.transposed(by: 1).bits | heard.transposed(by: 11).bits)
  }

  /// Adds a generated stretch to the plan, as far as the human leaves room for it.
  func adoptAccompaniment(_ segment: Segment) {
    guard var accompanying else { return }
    // Where nothing can be generated, do not try again at once.
    answer?.until = max(segment.until, accompanying.from + Self.rethinking.step)
    var open = openPitches(after: plan)
    let shortest = Tick(ofSession: min(Self.longestRequired, (call.medianInterval ?? 0) / 2))
    for var event in quantizer?.move(segment.events) ?? segment.events {
      if event.level != nil {
        guard !open.contains(event.pitch), accompanying.notes[event.pitch].map({ $0.end <= event.tick }) ?? true,
          accompanying.quota.mayStrike(at: event.tick, medianInterval: call.medianInterval)
        else { continue }
        open.insert(event.pitch)
        accompanying.notes[event.pitch] = (event.tick, event.tick, false)
      } else if open.remove(event.pitch) == nil {
        continue
      } else if let note = accompanying.notes[event.pitch] {
        let end = max(event.tick, note.onset + shortest)
        accompanying.notes[event.pitch] = (note.onset, end, end > event.tick)
        event.tick = end
      }
      insert(event)
    }
    self.accompanying = accompanying
    account(segment)
  }
}
