import Improvisation
import MIDIPorts
import MusicCore
import Playing
import Synchronization

extension LiveStage {
  // MARK: On the output's thread

  /// Does what is due at a time.
  func pass(to time: Seconds, _ client: isolated any StageOutput) {
    playFile(until: time, client)
    let (isDue, ends) = state.withLock { state in
      if !state.isFirstTime { state.wakes.add((time - state.clock.time - interval).milliseconds) }
      (state.clock, state.isFirstTime) = ((time, .now), false)
      if let limit, time - origin >= limit { state.isEnding = true }
      let isDue = state.isEnding || state.deadline.map { $0 <= time } ?? false
      return (isDue, state.plan.pass(to: time) ? state.pending.endSounding() : [])
    }
    if isDue { ring.yield() }
    for end in ends { _ = try? client.send(.channel(end), from: output) }
    clock { $0.pass(to: self.session(time)) }
    click(at: time, client)
    perform(client)
  }

  /// Sends metronome clicks and MIDI clock.
  private func click(at now: Seconds, _ client: isolated any StageOutput) {
    let due = state.withLock { $0.beats.take(until: (now - origin + $0.pending.lead).rawValue) }
    for (message, time) in due {
      _ = try? client.trySchedule(message, from: output, at: max(now, origin + Seconds(time)))
    }
  }

  /// Executes the engine's cues, and sends the messages that are due.
  func perform(_ client: isolated any StageOutput) {
    let cues = state.withLock { state in
      defer { state.cues = [] }
      return state.cues
    }
    for (cue, inputs) in cues { perform(cue, knowing: inputs, client) }
    if let light { show(light.controller, on: light.channel, client) }
    let now = client.now
    let due = state.withLock { state in
      let due = state.pending.take(at: now)
      for event in due { state.filter.send(event.message, at: event.time) }
      return due
    }
    guard !due.isEmpty else { return }
    for event in due {
      let message = MIDIMessage.channel(event.message)
      if (try? client.trySchedule(message, from: output, at: event.time)) != true {
        // If the kernel has no room, at least avoid hanging notes.
        if case .noteOff = event.message.kind { _ = try? client.send(message, from: output) }
      }
    }
    _ = try? client.tryFlush()
  }

  /// Sends whose turn it is, if that has changed.
  private func show(_ controller: Controller, on channel: Channel, _ client: isolated any StageOutput) {
    let value = state.withLock { state -> UInt8? in
      guard state.shownLight != state.light else { return nil }
      state.shownLight = state.light
      return state.light
    }
    guard let value else { return }
    _ = try? client.send(.control(channel, .controller(controller, value)), from: output)
  }

  private func perform(_ cue: Cue, knowing inputs: Int, _ client: isolated any StageOutput) {
    switch cue {
    case .play(let message, let tick):
      state.withLock { state in
        let time = time(of: tick)
        // Planned before the engine knew that the human had come in.
        if let intrusion = state.intrusion, inputs < intrusion.number, time >= intrusion.from,
          case .noteOn = message.kind
        {
          return
        }
        state.pending.add(message, at: time)
      }
    case .cancel(let tick):
      let from = time(after: tick)
      state.withLock { _ = $0.pending.cancel(from: from) }
      client.takeBack(on: output, from: from, onlyOnsets: false)
    case .silence:
      // At the end of a session notes are released instead.
      if !state.withLock({ $0.isEnding }) { client.silence() }
    }
  }

  // MARK: For the engine

  func takeInputs() -> (inputs: [Input], isEnding: Bool) {
    state.withLock { state in
      defer { state.inputs = [] }
      return (state.inputs, state.isEnding)
    }
  }

  func add(_ cue: Cue, knowing inputs: Int) { state.withLock { $0.cues.append((cue, inputs)) } }

  /// Passes the state of the duet to the output's thread, which executes the cues.
  ///
  /// - Parameter inputs: the number of the last input that the duet knows of.
  func settle(_ duet: Duet, knowing inputs: Int, _ client: any StageOutput) {
    let (yieldsFrom, deadline, plannedUntil) = (duet.taking.yieldsFrom, duet.nextDeadline, duet.plannedUntil)
    let isAnswered = duet.isQuiet && duet.taking.nextDeadline == nil
    let turn: UInt8 =
      switch duet.taking.state {
      case .listening, .stopped: 0
      case .closing: 1
      case .answering, .accompanying, .ending: 2
      }
    let hasCues = state.withLock { state in
      state.yieldsFrom = yieldsFrom.map(timeKnown(of:))
      state.deadline = deadline.map(timeKnown(of:))
      state.light = turn
      // Where the human has come in since, the plan is void.
      let isCurrent = state.intrusion.map { $0.number <= inputs } ?? true
      state.plan.plannedUntil = isCurrent ? plannedUntil.map(time(of:)) : nil
      if isAnswered { state.answeredInputs = inputs }
      return !state.cues.isEmpty || light != nil && state.shownLight != turn
    }
    guard hasCues else { return }
    Task(executorPreference: client.executor) { await self.perform(client) }
  }

  /// Adds an input from elsewhere than the ports, at the current time.
  func add(_ event: DuetDriver.Event) {
    let now = now
    state.withLock { $0.add(event, at: now) }
    ring.yield()
  }

  /// Ends the session, from any thread.
  func end() {
    state.withLock { $0.isEnding = true }
    ring.yield()
  }

  func finish() {
    ring.finish()
    tell.finish()
  }

  /// The statistics of the session.
  ///
  /// - Parameter lateDecisions: how often music was generated too late.
  func report(lateDecisions: Int, scheduledErrors: TimeHistogram?) -> RealTimeReport {
    state.withLock { state in
      RealTimeReport(
        realTime: isRealTime, lateNotes: state.pending.lateCount, droppedNotes: state.pending.droppedCount,
        lateDecisions: lateDecisions, underruns: state.plan.underrunCount, lost: state.lostCount,
        fedBack: state.filter.count,
        reactionMs: RealTimeReport.Distribution(state.reactions), wakeMs: RealTimeReport.Distribution(state.wakes),
        scheduledErrorMs: scheduledErrors.flatMap { RealTimeReport.Distribution($0) },
        clock: RealTimeReport.Clock(state.beats))
    }
  }
}

extension LiveStage.State {
  mutating func add(_ event: DuetDriver.Event, at time: Seconds) {
    inputCount += 1
    inputs.append(LiveStage.Input(event: event, time: time, number: inputCount))
  }
}
