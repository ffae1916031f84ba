package import MusicCore
internal import MusicTokens

/// The clock of a session: ticks of 1/1920 s from its start. Recorded takes use the same ticks, so a recording
/// holds every time exactly, and 30 of them are a step of the token stream.
package enum SessionTime {
  package static let ticksPerSecond = 1920
  /// 960 ticks a quarter note at 120 quarters a minute.
  package static let tempoMap = TempoMap(division: .metrical(ticksPerQuarter: 960))
  static let ticksPerStep = ticksPerSecond / TokenTime.ticksPerSecond
}

extension Tick {
  /// The tick nearest to a time of the session in seconds.
  package init(ofSession seconds: Double) {
    self.init(rawValue: Int64((seconds * Double(SessionTime.ticksPerSecond)).rounded()))
  }

  /// The time of the session in seconds.
  package var sessionSeconds: Double { Double(rawValue) / Double(SessionTime.ticksPerSecond) }

  /// The step of 1/64 s to which the token stream rounds this tick.
  var step: Int { (Int(rawValue) + SessionTime.ticksPerStep / 2) / SessionTime.ticksPerStep }

  /// The tick in the middle of a step, where the step's music is played.
  package init(step: Int) { self.init(rawValue: Int64(step * SessionTime.ticksPerStep)) }

  /// The first tick that is rounded to a later step than this one: the step is then over, and its tokens are final.
  var nextStep: Tick { Tick(rawValue: Int64((step + 1) * SessionTime.ticksPerStep - SessionTime.ticksPerStep / 2)) }
}

/// Seconds as steps of the token stream.
func steps(_ seconds: Double) -> Int { TokenTime(Seconds(seconds)).rawValue }
