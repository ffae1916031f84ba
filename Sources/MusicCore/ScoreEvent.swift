/// A message of a score in the event stream.
public struct ScoreEvent: Hashable, Sendable {
  public var tick: Tick
  /// The index of its track.
  public var track: Int
  public var port: UInt8
  /// The position in the order of simultaneous events of its track: see `EventStream`.
  public var turn: UInt8
  public var message: MIDIMessage
  public var use: Use

  /// The destination of an event.
  public enum Use: UInt8, Hashable, Sendable {
    case always
    /// The end of a note whose key stays down, because it was pressed again, or is already up: written to files only.
    case filesOnly
    /// The end of a note before its key is pressed again: sent to instruments, but not written to files.
    case instrumentsOnly
  }
}
