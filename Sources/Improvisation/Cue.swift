package import MusicCore

/// What a stage is to do.
package enum Cue: Hashable, Sendable {
  /// Play a message at a time.
  case play(ChannelMessage, at: Tick)
  /// Take back what was to be played after a time, and has not been.
  case cancel(after: Tick)
  /// End everything that sounds at once, pedals too.
  case silence
}
