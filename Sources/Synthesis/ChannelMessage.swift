public import MusicCore

/// What one channel of a synthesiser is told.
public enum ChannelMessage: Hashable, Sendable {
  case noteOn(Pitch, Velocity)
  case noteOff(Pitch)
  case control(ControlEvent.Message)
}
