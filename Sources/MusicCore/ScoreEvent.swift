/// A message of a score in the event stream.
public struct ScoreEvent: Hashable, Sendable {
  /// Its time.
  public var tick: Tick
  /// The index of its track.
  public var track: Int
  /// The number of its port.
  public var port: UInt8
  /// The position in the order of simultaneous events of its track: see `EventStream`.
  public var turn: UInt8
  /// The message to send.
  public var message: MIDIMessage
  /// What it is for, which decides whether ports and files get it.
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
