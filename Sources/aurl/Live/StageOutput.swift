import MIDIPorts
import MusicCore
import Playing

/// What a session plays on, with a clock and a thread of its own: MIDI ports, or a synthesizer in this program.
protocol StageOutput: Actor {
  nonisolated var executor: any TaskExecutor { get }
  /// The time between two reports of the time to the stage.
  nonisolated var interval: Duration { get }
  var now: Seconds { get }
  /// Gives the thread real-time priority; false if the system does not permit it.
  func takeRealTimePriority() -> Bool
  /// Ends the reports of the time to the stage.
  func endTime()
  func send(_ message: MIDIMessage, from port: PortAddress) throws(PortError) -> Bool
  /// Schedules a message, which may stay in a buffer until `tryFlush`; false if there is no room.
  func trySchedule(_ message: MIDIMessage, from port: PortAddress, at time: Seconds) throws(PortError) -> Bool
  func tryFlush() throws(PortError) -> Bool
  /// Cancels what is scheduled at a time or later: all messages, or only note-ons.
  func takeBack(on port: PortAddress, from time: Seconds, onlyOnsets: Bool)
  /// Ends all sound at once.
  func silence()
  /// Ends all notes, and lets their sound decay.
  func release(_ port: PortAddress)
  /// The number of notes that will sound when everything scheduled has been sent.
  func soundingCount(on port: PortAddress) -> Int
  /// How late scheduled messages were sent; nil if that is not measured.
  var scheduledErrors: TimeHistogram? { get }
}

extension SequencerClient: StageOutput {
  nonisolated var interval: Duration { .milliseconds(5) }

  func endTime() { reportTime(every: nil) }

  func takeBack(on port: PortAddress, from time: Seconds, onlyOnsets: Bool) {
    cancel(on: port, from: time, onlyOnsets: onlyOnsets)
  }
}
