package import MusicCore
internal import MusicTokens

extension Duet {
  // MARK: Hearing

  /// Feeds the final tokens to the model, so that little is left to read when the machine's turn comes.
  func listen() {
    nextListening = Tick(step: time.step + Self.listeningSteps)
    let isOwnTurn = answer != nil || !plan.isEmpty
    guard !isOwnTurn, signal == nil else { return }
    hear()
    reflectIfDue()
    // Latents of the music change slowly.
    if let attuning, time >= attuning {
      attune()
    } else if attuning == nil, humanTokens.count - studiedTo >= 64 {
      study()
    }
  }

  /// Lets the musician estimate the key, about once per second.
  func reflectIfDue() {
    guard time >= nextReflection else { return }
    nextReflection = time + Tick(ofSession: 1)
    musician.reflect(at: time, waiting: false)
  }

  func hear() {
    let heard = encoder.advance(to: time)
    humanTokens += heard.human
    if humanTokens.count > 2048 {
      studiedTo = max(0, studiedTo - (humanTokens.count - 1024))
      humanTokens.removeFirst(humanTokens.count - 1024)
    }
    musician.hear(heard.both, planned: encoder.tokens(of: plan))
  }

  private func study() {
    (studiedTo, attuning) = (humanTokens.count, time + Self.studyingTime)
    musician.study(humanTokens)
  }

  private func attune() {
    attuning = nil
    musician.attune()
  }

  // MARK: Thinking

  /// Takes one step of generation; false if there is nothing to generate.
  package func think() -> Bool {
    guard musician.isThinking else { return false }
    if let segment = musician.think() { take(segment) }
    return true
  }

  /// Records how long the generation took that has just finished.
  ///
  /// - Parameter now: when what is sent now would be played.
  package func note(thinking milliseconds: Double, at now: Tick) {
    if let due = thinkingDue, now > due { lateDecisions += 1 }
    thinkingDue = nil
    if answer?.hasBegun == false {
      answer?.thinkingMilliseconds = milliseconds
    } else if !turns.isEmpty, turns[turns.count - 1].decisionMilliseconds == nil {
      turns[turns.count - 1].decisionMilliseconds = milliseconds
    }
  }

  /// Generates an answer in advance, while the human may still continue.
  func rehearse(for start: Tick) {
    // A turn may be overdue, because it became possible only now: the mode changed, or beats became known.
    let start = max(start, time)
    musician.reflect(at: time, waiting: true)
    hear()
    if humanTokens.count - studiedTo >= 16 { study() }
    if attuning != nil { attune() }
    // An answer to a pause starts after it; one on a beat starts exactly there.
    let from = max(start.step + (taking.pulse == nil ? 1 : 0), time.step + 1)
    let entry = taking.pulse.map { settings.turns.meter.quartersPerBeat * $0.secondsPerQuarter } ?? settings.entry
    request(
      from: from, latest: start.step + steps(entry), stretch: Self.stretch, candidates: 16,
      within: (start - time).sessionSeconds)
  }

  /// - Parameter seconds: the time available for generating the answer.
  func request(
    from: Int, latest: Int, stretch: Int, candidates: Int, within seconds: Double, cut: PlanRequest.Cut? = nil
  ) {
    let factor = 0.8 + 0.4 * Double(generator.number(in: 0...1000)) / 1000
    let length = max(stretch, steps(length(of: call) * factor))
    var answer = Answer(mayEndFrom: from + length * 3 / 4, end: from + length * 5 / 4, call: call)
    if settings.mode == .continue {
      // Patience is a limit, not a length that varies.
      let limit = steps(settings.patience)
      (answer.mayEndFrom, answer.end) = (from + limit * 3 / 4, from + limit)
    }
    if let end = taking.turnEnd, let pulse = taking.pulse {
      // The whole turn except its last half bar.
      let rest = settings.turns.meter.quartersPerBar * pulse.secondsPerQuarter / 2
      // Beats that have jumped may have left it behind.
      (answer.mayEndFrom, answer.end) = ((end - Tick(ofSession: rest)).step, max(end.step, from + 1))
    }
    answer.quantizer = quantizer(from: from, end: taking.turnEnd)
    self.answer = answer
    thinkingDue = Tick(step: from)
    musician.begin(
      PlanRequest(
        from: from, until: from + stretch, latestOnset: latest, mayEndFrom: answer.mayEndFrom, end: answer.end,
        candidates: candidates, budget: Int(settings.tokensPerSecond * seconds), foreign: encoder.foreign, call: call,
        quantizer: answer.quantizer, isFirst: true, cut: cut))
  }

  /// The quantizer of planned events; nil if there is no grid.
  ///
  /// - Parameter open: the pitches that already sound.
  func quantizer(from: Int, end: Tick?, open: Set<Pitch> = []) -> Quantizer? {
    guard let pulse = taking.pulse, let units = settings.grid.unitsPerQuarter(of: call, pulse) else { return nil }
    return Quantizer(
      pulse, unitsPerQuarter: units, strength: settings.strength, swing: settings.swing, earliest: Tick(step: from),
      end: end, open: open)
  }

  /// The length of an answer in seconds.
  func length(of call: Call) -> Double {
    switch settings.answer {
    // The last note is taken to last as long as the others.
    case .match: min(20, max(2, call.seconds + (call.medianInterval ?? 0)))
    case .seconds(let seconds): seconds
    }
  }

  func take(_ segment: Segment) {
    guard accompanying == nil else { return adoptAccompaniment(segment) }
    guard var answer else { return }
    guard answer.hasBegun else {
      answer.first = segment
      self.answer = answer
      return
    }
    answer.until = segment.until
    answer.isLast = segment.isLast || segment.until >= answer.end
    self.answer = answer
    add(segment)
  }

  func add(_ segment: Segment) {
    answer?.remember(segment.events)
    // Notes of the previous answer may not have ended yet.
    (quantizer?.move(segment.events) ?? segment.events).forEach(insert)
    if answer?.isLast == true { endOpenNotes(at: Tick(step: segment.until)) }
    account(segment)
  }

  /// Adds the cost of a stretch to the report of the turn.
  func account(_ segment: Segment) {
    if !turns.isEmpty {
      if turns[turns.count - 1].candidates == 0 {
        turns[turns.count - 1].candidates = segment.candidates
        turns[turns.count - 1].decisionTokens = segment.tokens
        turns[turns.count - 1].cost = segment.cost
        turns[turns.count - 1].key = segment.key
      }
      turns[turns.count - 1].tokens += segment.tokens
    }
  }

  /// Plans the ends of notes that have none.
  func endOpenNotes(at tick: Tick) {
    let end = max(tick, plan.last?.tick ?? tick, time)
    for pitch in openPitches(after: plan).sorted() { insert(PlannedEvent(tick: end, pitch: pitch, level: nil)) }
  }

  /// When to plan more: a second before the end of the plan, at the end of a step.
  var planningDeadline: Tick? {
    guard accompanying == nil, let answer, answer.hasBegun, !answer.isLast, let until = answer.until,
      !musician.isThinking
    else {
      return nil
    }
    return Tick(step: until - Self.horizon).nextStep
  }

  func planOn() {
    guard let answer, let until = answer.until else { return }
    hear()
    var request = PlanRequest(
      from: until, until: until + Self.stretch, latestOnset: nil, mayEndFrom: answer.mayEndFrom, end: answer.end,
      candidates: 4, budget: Int(settings.tokensPerSecond / 2), foreign: encoder.foreign, call: answer.call,
      quantizer: quantizer, isFirst: false)
    request.earlier = answer.onsets
    thinkingDue = Tick(step: until)
    musician.begin(request)
  }
}
