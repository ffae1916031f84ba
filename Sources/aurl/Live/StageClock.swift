import Improvisation
import MIDIPorts
import MusicCore

/// Where the beats are at the ports, by seconds of the session: MIDI clock that comes in, taps, or a tempo of the
/// program's own; and what is sent and clicked of them.
struct StageClock {
  private(set) var follower: ClockFollower
  private(set) var pulse: Pulse?
  /// Whose clock is followed.
  private(set) var source: PortAddress?
  private let options: BeatArguments
  private var taps = TapTempo()
  private var track: ClickTrack

  /// What is to be done of what became known.
  struct News {
    var events: [DuetDriver.Event] = []
    /// Whether the transport runs; nil where that is as it was.
    var isRunning: Bool?
    /// A source that sends clock beside the one that is followed; said once.
    var rival: PortAddress?
  }

  private var rivals: Set<PortAddress> = []

  init(_ options: BeatArguments) {
    self.options = options
    follower = ClockFollower(offset: options.syncOffset / 1000)
    track = ClickTrack(metronome: options.metronome, clock: options.clockOut, options.meter.meaning, from: 0)
  }

  /// Whether the beats are there from the start, and not from the first note on.
  var beginsByItself: Bool { options.bpm != nil && (options.countIn > 0 || options.metronome || options.clockOut) }

  /// Begins the program's own tempo, with what is counted in, at a time.
  mutating func begin(at time: Double) -> News {
    guard let tempo = options.bpm, beginsByItself else { return News() }
    track.skip(to: time)
    let start = -Double(options.countIn) * options.meter.meaning.quartersPerBar
    return set(Pulse(quarters: start, seconds: time, secondsPerQuarter: 60 / tempo))
  }

  /// A message of a clock or transport.
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
    // Beats that come from outside are not sent back.
    track.hasClock = false
    return take(follower.receive(message, at: time))
  }

  /// Someone taps a beat.
  mutating func tap(at time: Double) -> News {
    guard !follower.isRunning, let pulse = taps.tap(at: time, options.meter.meaning) else { return News() }
    return set(pulse)
  }

  /// Time has passed.
  mutating func pass(to time: Double) -> News { take(follower.pass(to: time)) }

  /// A port is gone.
  mutating func forget(where isGone: (PortAddress) -> Bool) {
    rivals = rivals.filter { !isGone($0) }
    if let source, isGone(source) { self.source = nil }
  }

  /// What is to sound and to be sent up to a time.
  mutating func take(until time: Double) -> [(message: MIDIMessage, time: Double)] {
    guard let pulse else {
      track.skip(to: time)
      return []
    }
    return track.take(pulse, until: time)
  }

  /// What tells others that it is over.
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
