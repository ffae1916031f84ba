package import MusicCore

/// The start or end of a note that the machine is going to play.
package struct PlannedEvent: Hashable, Sendable {
  package var tick: Tick
  package var pitch: Pitch
  /// The level at which the note starts; nil where it ends.
  package var level: DynamicLevel?

  package init(tick: Tick, pitch: Pitch, level: DynamicLevel?) {
    (self.tick, self.pitch, self.level) = (tick, pitch, level)
  }
}
