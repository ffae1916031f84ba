import Improvisation
import MIDIPorts
import Text

/// The report of a session's timing, if it took place in real time.
struct RealTimeReport: Encodable {
  typealias Distribution = DuetReport.Distribution

  /// Whether the thread that sends and receives has real-time priority.
  var realTime: Bool
  /// The number of the model's notes that started late, and of those that were dropped because they were too late.
  var lateNotes: Int
  var droppedNotes: Int
  /// How often music was generated too late to be played from its beginning.
  var lateDecisions: Int
  /// How often the plan ran out before more was generated.
  var underruns: Int
  /// The number of incoming messages that were lost, and of those that were echoes of the model's own.
  var lost: Int
  var fedBack: Int
  /// The time from your onset until the plan was canceled.
  var reactionMs: Distribution?
  /// How late the thread that sends and receives was woken.
  var wakeMs: Distribution?
  /// How late messages were sent; at ports, by the kernel's own stamps.
  var scheduledErrorMs: Distribution?
  /// Absent if no MIDI clock was received.
  var clock: Clock?

  /// A MIDI clock that was followed.
  struct Clock: Encodable {
    /// The sending port.
    var source: String
    /// The mean deviation of its messages from a steady tempo.
    var jitterMs: Double
    /// How often it stopped without a Stop message.
    var losses: Int
  }
}

extension RealTimeReport.Clock {
  init?(_ clock: StageClock) {
    guard let source = clock.source else { return nil }
    self.init(
      source: source.description, jitterMs: rounded(clock.follower.jitter * 1000), losses: clock.follower.losses)
  }
}
