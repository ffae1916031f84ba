import Improvisation
import MIDIPorts
import MusicCore

/// The clock of the ports, in seconds of the session: it follows MIDI clock, taps, or the program's own tempo, and
/// produces MIDI clock and metronome clicks.
struct StageClock {
  private(set) var follower: ClockFollower
  private(set) var pulse: Pulse?
  /// The port whose clock is followed.
  private(set) var source: PortAddress?
  private let options: BeatArguments
  private var taps = TapTempo()
  private var track: ClickTrack

  /// The changes that an input caused.
  struct News {
    var events: [DuetDriver.Event] = []
    /// Whether the transport runs; nil if unchanged.
    var isRunning: Bool?
    /// A second source of MIDI clock; reported once.
    var rival: PortAddress?
  }

  private var rivals: Set<PortAddress> = []

  init(_ options: BeatArguments) {
    self.options = options
    follower = ClockFollower(offset: options.syncOffset / 1000)
    track = ClickTrack(metronome: options.metronome, clock: options.clockOut, options.meter.meaning, from: 0)
  }

  /// Whether the pulse starts with the session rather than with the first note.
  var beginsByItself: Bool { options.bpm != nil && (options.countIn > 0 || options.metronome || options.clockOut) }

  /// Starts the program's own tempo, including the count-in, at a time.
  mutating func begin(at time: Double) -> News {
    guard let tempo = options.bpm, beginsByItself else { return News() }
    track.skip(to: time)
    let start = -Double(options.countIn) * options.meter.meaning.quartersPerBar
    return set(Pulse(quarters: start, seconds: time, secondsPerQuarter: 60 / tempo))
  }

  /// Receives a clock or transport message.
  mutating func receive(_ message: MIDIMessage.System, from source: PortAddress, at time: Double) -> News {
    switch message {
    case .clock, .start, .continue, .stop, .songPosition: break
    default: return News()
    }
    guard options.sync else { return News() }
    if let followed = self.source, followed != source {
      let isNew = rivals.insert(source).inserted
      return News(rival: isNew ? source : nil)
    }
    self.source = source
    // An external clock is not sent back.
    track.hasClock = false
    return take(follower.receive(message, at: time))
  }

  /// Receives a tap.
  mutating func tap(at time: Double) -> News {
    guard !follower.isRunning, let pulse = taps.tap(at: time, options.meter.meaning) else { return News() }
    return set(pulse)
  }

  /// Advances time.
  mutating func pass(to time: Double) -> News { take(follower.pass(to: time)) }

  /// Handles the removal of a port.
  mutating func forget(where isGone: (PortAddress) -> Bool) {
    rivals = rivals.filter { !isGone($0) }
    if let source, isGone(source) { self.source = nil }
  }

  /// The clicks and clock messages up to a time.
  mutating func take(until time: Double) -> [(message: MIDIMessage, time: Double)] {
    guard let pulse else {
      track.skip(to: time)
      return []
    }
    return track.take(pulse, until: time)
  }

  /// The message that tells other devices that the session has ended.
  var ending: MIDIMessage? { track.hasClock && pulse != nil ? .system(.stop) : nil }

  private mutating func set(_ pulse: Pulse?) -> News {
    self.pulse = pulse
    return News(events: [.pulse(pulse)])
  }

  private mutating func take(_ changes: [ClockFollower.Change]) -> News {
    var news = News()
    for change in changes {
      switch change {
      case .runs: news.isRunning = true
      case .stops: news.isRunning = false
      case .pulse(let pulse): news.events += set(pulse).events
      }
    }
    return news
  }
}
