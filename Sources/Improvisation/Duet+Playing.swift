internal import MusicCore

extension Duet {
  /// Inserts an event into the plan, after those of the same time, and passes it to the stage.
  func insert(_ event: PlannedEvent) {
    plan.insert(event, at: plan.lastIndex { $0.tick <= event.tick }.map { $0 + 1 } ?? 0)
    cues.append(.play(message(event), at: event.tick))
  }

  /// The pitches that will sound when the next events of the plan have been played.
  func openPitches(after events: some Sequence<PlannedEvent>) -> Set<Pitch> {
    var open = sounding
    for event in events { if event.level == nil { open.remove(event.pitch) } else { open.insert(event.pitch) } }
    return open
  }

  func message(_ event: PlannedEvent) -> ChannelMessage {
    let kind: ChannelMessage.Kind =
      event.level.map { .noteOn(event.pitch, turnVelocities.velocity(of: $0)) }
      ?? .noteOff(event.pitch, Velocity(masking: 64))
    return ChannelMessage(channel: settings.channel, kind: kind)
  }

  /// Plays the first planned event when its time has come.
  func play(_ event: PlannedEvent) {
    plan.removeFirst()
    let message = message(event)
    encoder.receive(message, from: .machine, at: max(event.tick, .zero))
    onPlayed(.machine, message, event.tick)
    guard event.level != nil else {
      sounding.remove(event.pitch)
      return
    }
    sounding.insert(event.pitch)
    guard !turns.isEmpty else { return }
    turns[turns.count - 1].firstOnset = turns[turns.count - 1].firstOnset ?? event.tick
    turns[turns.count - 1].lastOnset = event.tick
    turns[turns.count - 1].notes += 1
  }
}
