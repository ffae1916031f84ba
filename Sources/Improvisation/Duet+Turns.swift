package import MusicCore

extension Duet {
  func beginTurn(_ handover: Handover, _ start: Tick) {
    turns.append(Turn(start: start, handover: handover, callNotes: call.strikes.count))
    lastCall = call
    let isPrepared = (handover == .pause || handover == .bars) && answer != nil
    if !isPrepared {
      hear()
      let from = time.step + max(1, steps(Self.quickTokens / (2 * settings.tokensPerSecond))) + steps(settings.latency)
      // Of dense music, only as much as gives time to generate the rest.
      request(
        from: from, latest: max(from, start.step + steps(settings.signalEntry)), stretch: steps(0.75), candidates: 3,
        within: 0.01, cut: PlanRequest.Cut(from: from + steps(0.3), tokens: 10))
    }
    quantizer = answer?.quantizer
    turnVelocities = velocities
    if settings.sharesChannel, let humanChannel, sounding.isEmpty, plan.isEmpty { settings.channel = humanChannel }
    turns[turns.count - 1].decisionMilliseconds = answer?.thinkingMilliseconds
    answer?.hasBegun = true
    answer?.until = nil
    call.clear()
    if let first = answer?.first {
      answer?.until = first.until
      answer?.isLast = first.isLast
      add(first)
    }
  }

  /// The time up to which is planned while more is to come; nil if nothing is.
  package var plannedUntil: Tick? {
    guard let answer, answer.hasBegun, !answer.isLast else { return nil }
    return answer.until.map { Tick(step: $0) }
  }

  /// When the turn is over, once all of it has been planned and played.
  var endDeadline: Tick? {
    guard let answer, answer.hasBegun, answer.isLast, plan.isEmpty else { return nil }
    return sounding.isEmpty ? time : nil
  }

  func endTurn(_ ending: Turn.Ending) {
    (answer, accompanying, quantizer) = (nil, nil, nil)
    taking.answerIsOver(at: time)
    guard !turns.isEmpty, turns[turns.count - 1].end == nil else { return }
    turns[turns.count - 1].end = time
    turns[turns.count - 1].ending = turns[turns.count - 1].ending ?? ending
  }

  func yield(at time: Tick) {
    musician.forget()
    signal = nil
    takeBack(after: time + Self.yieldDelay(latency: settings.latency), settings.yielding)
    // The human had not finished: the call continues.
    if let turn = turns.last, turn.handover == .pause, turn.end == nil, time - turn.start < TurnTaking.falseEntry {
      call = lastCall
    }
    endTurn(.player)
  }

  func handBack(at time: Tick, _ ending: Turn.Ending) {
    musician.forget()
    signal = nil
    accompanying = nil
    if !turns.isEmpty { turns[turns.count - 1].ending = ending }
    let lead = settings.lead + Tick(ofSession: settings.latency)
    let next = plan.first { $0.level != nil && $0.tick > time + lead }?.tick
    takeBack(after: next.map { $0 - Tick(rawValue: 1) } ?? time + lead, .within(0.3))
    guard answer != nil else { return endTurn(ending) }
    answer?.isLast = true
    answer?.hasBegun = true
  }

  func silence(at time: Tick) {
    takeBack(after: time, .cut)
    cues.append(.silence)
    endTurn(.stop)
  }

  /// The human takes over a key: planned notes on it are canceled. The rest of the plan is passed to the stage again,
  /// which canceled it when the key was struck.
  func leave(_ pitch: Pitch, at time: Tick) {
    sounding.remove(pitch)
    // What has been sent cannot be canceled.
    let given = time + Tick(ofSession: settings.latency) - Tick(rawValue: 1)
    let rest = plan.filter { $0.pitch != pitch }
    guard let last = plan.last, last.tick > given else { return plan = rest }
    cues.append(.cancel(after: given))
    plan = rest.filter { $0.tick <= given }
    rest.dropFirst(plan.count).forEach(insert)
  }

  /// Cancels what is planned after a time, and ends what sounds then.
  func takeBack(after time: Tick, _ yielding: DuetSettings.Yielding) {
    let kept = plan.prefix { $0.tick <= time }
    let dropped = plan.dropFirst(kept.count)
    let ends = openPitches(after: kept).map { pitch in
      let planned = dropped.first { $0.pitch == pitch }?.tick
      let end =
        switch yielding {
        case .cut: time
        case .finish: planned ?? time + Tick(ofSession: 0.3)
        case .within(let seconds): min(planned ?? time + Tick(ofSession: seconds), time + Tick(ofSession: seconds))
        }
      return PlannedEvent(tick: max(end, time), pitch: pitch, level: nil)
    }
    if !dropped.isEmpty { cues.append(.cancel(after: time)) }
    plan = Array(kept)
    ends.sorted { ($0.tick, $0.pitch) < ($1.tick, $1.pitch) }.forEach(insert)
  }
}
