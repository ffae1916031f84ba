package import MusicCore
package import MusicFeatures
package import MusicTokens

/// Encodes both players as one token stream: the same tokens that `aurl encode` makes of a recording of both.
///
/// The tokens of a step of 1/64 s are final when the step is over. Within a tick the human's messages come first, as
/// when the tracks of a recording are merged (`EventStream`): on a shared channel the order of the players matters.
package struct DuetEncoder: ~Copyable {
  private var both = IncrementalEncoder(tempoMap: SessionTime.tempoMap)
  private var human = IncrementalEncoder(tempoMap: SessionTime.tempoMap)
  /// The machine's messages of the latest tick, and that tick.
  private var waiting: [ChannelMessage] = []
  private var latest = Tick.zero
  /// Who started the last note of each pitch.
  private var owners = [Player](repeating: .machine, count: 128)
  /// The state of the keyboard after the tokens that were returned.
  package private(set) var keyboard = KeyboardState()
  /// The step of the last of these tokens.
  package private(set) var writtenStep = 0

  package init() {}

  /// Receives a message; ticks never decrease.
  package mutating func receive(_ message: ChannelMessage, from player: Player, at tick: Tick) {
    pass(to: tick)
    guard player == .human else { return waiting.append(message) }
    hear(message, from: .human)
    human.receive(message, at: latest)
  }

  /// Advances time to a tick, and encodes waiting messages whose tick is over.
  private mutating func pass(to tick: Tick) {
    guard tick > latest else { return }
    for message in waiting { hear(message, from: .machine) }
    waiting.removeAll(keepingCapacity: true)
    latest = tick
  }

  private mutating func hear(_ message: ChannelMessage, from player: Player) {
    if case .noteOn(let pitch, _) = message.kind { owners[Int(pitch.rawValue)] = player }
    both.receive(message, at: latest)
  }

  /// The tokens that have become final at `tick`: those of both players, and those of the human alone.
  package mutating func advance(to tick: Tick) -> (both: [Token], human: [Token]) {
    pass(to: tick)
    let tokens = both.advance(to: tick)
    for token in tokens {
      keyboard.apply(token.rawValue)
      writtenStep += token.ticks
    }
    return (tokens, human.advance(to: tick))
  }

  /// The sounding pitches that the human started.
  package var foreign: PitchSet {
    var foreign = keyboard.sounding
    for pitch in owners.indices where owners[pitch] != .human { foreign.remove(pitch) }
    return foreign
  }

  /// The tokens of `events`, if nothing else happens after the tokens returned so far.
  func tokens(of events: some Collection<PlannedEvent>) -> [Token] {
    StreamText.tokens(
      of: events, after: writtenStep, level: keyboard.level.flatMap(DynamicLevel.init(rawValue:)),
      sounding: keyboard.sounding)
  }
}
