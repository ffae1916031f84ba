/// A track of a score, such as a track of a MIDI file.
public struct Track: Hashable, Sendable {
  /// By rising onset.
  public var notes: [Note]
  /// By rising tick; those of one tick are in the order of the file.
  public var controls: [ControlEvent]
  /// By rising tick.
  public var texts: [TextEvent]
  /// By rising tick.
  public var systemExclusives: [SystemExclusive]
  /// The end of the track, not before its last event.
  public var end: Tick

  /// Creates a track; what is not stated is absent.
  public init(
    notes: [Note] = [], controls: [ControlEvent] = [], texts: [TextEvent] = [],
    systemExclusives: [SystemExclusive] = [], end: Tick = .zero
  ) {
    self.notes = notes
    self.controls = controls
    self.texts = texts
    self.systemExclusives = systemExclusives
    self.end = end
  }

  /// The name of the track, or nil if it has none.
  public var name: String? { texts.first { $0.kind == .trackName && !$0.bytes.isEmpty }?.string }
}
