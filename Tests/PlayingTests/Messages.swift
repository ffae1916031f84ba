import MusicCore
import Playing

extension MIDIMessage {
  static func on(_ pitch: UInt8, channel: UInt8 = 0) -> MIDIMessage {
    .noteOn(Channel(status: channel), Pitch(masking: pitch), Velocity(masking: 80))
  }

  static func off(_ pitch: UInt8, channel: UInt8 = 0) -> MIDIMessage {
    .noteOff(Channel(status: channel), Pitch(masking: pitch), Velocity(masking: 64))
  }

  static func set(_ controller: Controller, _ value: UInt8, channel: UInt8 = 0) -> MIDIMessage {
    .control(Channel(status: channel), .controller(controller, value))
  }
}

/// A score at 1,000 ticks a second.
func score(notes: [(onset: Int64, end: Int64, pitch: UInt8)], controls: [(Int64, ControlEvent.Message)] = []) -> Score {
  var track = Track()
  track.notes = notes.map {
    Note(
      onset: Tick(rawValue: $0.onset), end: Tick(rawValue: $0.end), pitch: Pitch(masking: $0.pitch),
      velocity: Velocity(masking: 80))
  }
  track.controls = controls.map { ControlEvent(tick: Tick(rawValue: $0.0), channel: Channel(status: 0), message: $0.1) }
  track.end = Tick(rawValue: notes.map(\.end).max() ?? 0)
  return Score(tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 500)), tracks: [track])
}
