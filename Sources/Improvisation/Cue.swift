package import MusicCore

/// An instruction to a stage, which plays messages at their times.
package enum Cue: Hashable, Sendable {
  /// Play a message at a time.
  case play(ChannelMessage, at: Tick)
  /// Cancel what is scheduled after a time and has not been played.
  case cancel(after: Tick)
  /// End everything that sounds immediately, and release pedals.
  case silence
}
