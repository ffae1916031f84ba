import Improvisation
import Inference
import ModelFormat
import MusicCore
import MusicFeatures
import MusicTokens
import TestSupport

/// A tiny model with random weights.
func tinyModel(_ model: SyntheticModel = SyntheticModel()) throws -> Model {
  let folder = try TemporaryFolder()
  try model.write(to: folder.path("model.safetensors"))
  return try Model(path: folder.path("model.safetensors"))
}

func on(_ pitch: Int, velocity: Int = 70, channel: UInt8 = 0) -> ChannelMessage {
  ChannelMessage(
    channel: Channel(status: channel),
    kind: .noteOn(Pitch(masking: UInt8(pitch)), Velocity(masking: UInt8(velocity))))
}

func off(_ pitch: Int, channel: UInt8 = 0) -> ChannelMessage {
  ChannelMessage(
    channel: Channel(status: channel), kind: .noteOff(Pitch(masking: UInt8(pitch)), Velocity(masking: 64)))
}

extension Double {
  /// Seconds as a time of a session.
  var s: Tick { Tick(ofSession: self) }
}

/// A musician without a model: at each step of a segment it may start a random note, which may sound beyond the segment.
final class ScriptedMusician: Musician {
  private var generator: SeededGenerator
  private(set) var requests: [PlanRequest] = []
  private(set) var stream: [Token] = []
  private var current: PlanRequest?
  /// Its notes that sound at the start of the segment, and all others that may not start.
  private var open: Set<Int> = []
  private var blocked = PitchSet()
  private var keyboard = KeyboardState()
  /// The number of calls of `think` that a segment takes.
  var pieces = 1
  private var left = 0
  /// Whether it leaves its notes without ends.
  var isCareless = false

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  var isThinking: Bool { current != nil }
  func receive(_ message: ChannelMessage, at tick: Tick) {}
  func reflect(at tick: Tick, waiting: Bool) {}
  func hear(_ certain: [Token], planned: [Token]) {
    stream += certain
    current = nil
    for token in certain { keyboard.apply(token.rawValue) }
    var later = keyboard
    for token in planned { later.apply(token.rawValue) }
    blocked = keyboard.sounding.union(later.sounding)
  }
  /// The number of calls of `study` and of `attune`.
  private(set) var (studies, attunements) = (0, 0)
  func study(_ music: [Token]) { studies += 1 }
  func attune() { attunements += 1 }
  func forget() { current = nil }
  private(set) var adjustments: [Adjustment] = []
  func adjust(_ adjustment: Adjustment) { adjustments.append(adjustment) }

  func begin(_ request: PlanRequest) {
    requests.append(request)
    (current, left) = (request, pieces)
    if request.isFirst { open = [] }
  }

  func think() -> Segment? {
    left -= 1
    guard let request = current, left <= 0 else { return nil }
    current = nil
    let isLast = request.until >= request.end
    var segment = Segment(until: request.until, isLast: isLast)
    for step in request.from..<min(request.until, request.end) {
      let mustStrike = step == request.latestOnset
      guard mustStrike || generator.oneIn(6) else { continue }
      if let pitch = open.min(), generator.oneIn(2) {
        open.remove(pitch)
        segment.events.append(event(step, pitch, nil))
      }
      let pitch = Int.random(in: 50...70, using: &generator)
      guard !open.contains(pitch), !blocked.contains(pitch) else { continue }
      open.insert(pitch)
      segment.events.append(event(step, pitch, .mf))
    }
    if isLast, !isCareless {
      for pitch in open.sorted() { segment.events.append(event(request.end, pitch, nil)) }
      open = []
    }
    return segment
  }

  private func event(_ step: Int, _ pitch: Int, _ level: DynamicLevel?) -> PlannedEvent {
    PlannedEvent(tick: Tick(rawValue: Int64(30 * step)), pitch: Pitch(masking: UInt8(pitch)), level: level)
  }
}
