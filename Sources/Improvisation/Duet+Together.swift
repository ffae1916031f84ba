internal import MusicCore

/// Playing beside the human.
extension Duet {
  /// What is known of playing together.
  struct Together {
    var company: Company
    /// When it was last planned, and from which step on.
    var plannedAt: Tick
    var from = 0
    /// The human's last strike since then.
    var struck: Tick?
  }

  /// How far ahead the plan stays as it is when the human strikes, in seconds: longer than thinking takes, and than a
  /// message is given out before its time.
  private static let lead = 0.1
  /// How often it is planned anew at most, how far ahead it is planned, and when more is planned though nothing is struck.
  private static let (rethinking, reach, rest) = (Tick(step: 8), steps(1), steps(0.5))
  /// A time that no accompaniment comes to, in steps.
  private static let never = Int.max / 4

  /// Begins to play beside the human.
  func join(_ handover: Handover) {
    turns.append(Turn(start: time, handover: handover, callNotes: call.strikes.count))
    (lastCall, turnTouch) = (call, touch)
    var answer = Answer(mayEndFrom: Self.never, end: Self.never, call: call)
    answer.hasBegun = true
    self.answer = answer
    var company = Company(share: settings.share)
    for strike in call.strikes { company.humanStrikes(at: strike.tick) }
    together = Together(company: company, plannedAt: time - Self.rethinking, struck: time)
  }

  /// The human strikes a key while both play: what is planned for that key is his, and the rest is thought of anew.
  func hearStrike(of pitch: Pitch, at tick: Tick) {
    guard together != nil else { return }
    together?.company.humanStrikes(at: tick)
    together?.struck = tick
    guard !settings.sharesChannel else { return }
    let isSounding = sounding.contains(pitch)
    guard isSounding || plan.contains(where: { $0.pitch == pitch }) else { return }
    leave(pitch, at: tick)
    if isSounding { insert(PlannedEvent(tick: tick, pitch: pitch, level: nil)) }
  }

  /// When it is to be planned: anew after the human struck, else when little is left.
  var togetherDeadline: Tick? {
    guard let together, let answer, !answer.isLast, !musician.isThinking else { return nil }
    let soonest = together.plannedAt + Self.rethinking
    if let struck = together.struck { return max(soonest, struck.nextStep) }
    return max(soonest, Tick(step: (answer.until ?? time.step) - Self.rest).nextStep)
  }

  /// Plans what to play beside the human.
  func planTogether() {
    guard var together, let answer else { return }
    if time >= nextReflection {
      nextReflection = time + Tick(ofSession: 1)
      musician.reflect(at: time)
    }
    let last = time + Tick(ofSession: Self.lead + settings.latency)
    var from = max(last.step + 1, answer.until ?? 0)
    if together.struck != nil || answer.until == nil {
      let count = plan.count
      plan.removeAll { $0.tick > last }
      if plan.count < count { cues.append(.cancel(after: last)) }
      together.company.forget(after: last)
      from = last.step + 1
    }
    (together.plannedAt, together.struck, together.from) = (time, nil, from)
    self.together = together
    hear()
    var request = PlanRequest(
      from: from, until: from + Self.reach, latestOnset: nil, mayEndFrom: Self.never, end: Self.never, candidates: 2,
      budget: Int(settings.tokensPerSecond * 0.03), foreign: ear.foreign, call: call, isFirst: false)
    request.isBeside = true
    request.call.share = settings.share
    if let zone, !zone.pitchClasses.isEmpty {
      request.chord = ChordZone.Chord(
        zone.pitchClasses, taking.pulse, quartersPerBeat: settings.turns.meter.quartersPerBeat)
    }
    request.quantizer = quantizer(from: from, end: nil, open: openPitches)
    musician.begin(request)
    quantizer = request.quantizer
  }

  /// The pitches that sound when all that is planned has been played.
  private var openPitches: Set<Pitch> {
    var open = sounding
    for event in plan { if event.level == nil { open.remove(event.pitch) } else { open.insert(event.pitch) } }
    return open
  }

  /// Takes on what was thought of, as far as the human leaves room for it.
  func takeTogether(_ segment: Segment) {
    guard var together else { return }
    // Where nothing can be thought of, that is not tried without end.
    answer?.until = max(segment.until, together.from + Self.rethinking.step)
    var open = openPitches
    for event in quantizer?.move(segment.events) ?? segment.events {
      if event.level != nil {
        guard !open.contains(event.pitch),
          together.company.mayStrike(at: event.tick, medianInterval: call.medianInterval)
        else { continue }
        open.insert(event.pitch)
      } else if open.remove(event.pitch) == nil {
        continue
      }
      insert(event)
    }
    self.together = together
    account(segment)
  }
}
