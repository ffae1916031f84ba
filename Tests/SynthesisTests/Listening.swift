import Glibc
import MusicCore
import Synthesis

/// One channel of a rendered sound, and what can be heard in it.
struct Sound {
  var samples: [Float]
  var rate: Int

  /// The part between two times in seconds.
  func part(_ times: Range<Double>) -> Sound {
    let range = Int(times.lowerBound * Double(rate))..<Int(times.upperBound * Double(rate))
    return Sound(samples: Array(samples[range.clamped(to: samples.indices)]), rate: rate)
  }

  /// The effective level.
  var rms: Double {
    (samples.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(1, samples.count))).squareRoot()
  }

  var peak: Float { samples.reduce(0) { max($0, abs($1)) } }

  /// The first frame that is louder than a threshold.
  func onset(over threshold: Float, from frame: Int = 0) -> Int? {
    samples[frame...].firstIndex { abs($0) > threshold }
  }

  /// The fundamental frequency near an expected one: the highest autocorrelation within a quarter tone, by a
  /// parabola between the lags, over several periods so that the lag is long.
  func frequency(near expected: Double) -> Double {
    let periods = max(1, Int(0.02 * expected))
    let center = Double(rate) / expected * Double(periods)
    let lags = Int(center * 0.972)...Int(center * 1.029) + 1
    let window = samples.count - lags.upperBound - 1
    func correlation(_ lag: Int) -> Double {
      var (product, energy) = (0.0, 0.0)
      for index in 0..<window {
        product += Double(samples[index] * samples[index + lag])
        energy += Double(samples[index + lag] * samples[index + lag])
      }
      return product / max(energy, 1e-12).squareRoot()
    }
    let values = lags.map(correlation)
    guard let best = values.indices.max(by: { values[$0] < values[$1] }), best > 0, best + 1 < values.count else {
      return 0
    }
    let (a, b, c) = (values[best - 1], values[best], values[best + 1])
    let lag = Double(lags.lowerBound + best) + 0.5 * (a - c) / (a - 2 * b + c)
    return Double(rate * periods) / lag
  }
}

/// The distance of two frequencies in hundredths of a semitone.
func cents(_ frequency: Double, from reference: Double) -> Double { 1200 * log2(frequency / reference) }

func decibels(_ ratio: Double) -> Double { 20 * log10(ratio) }

/// 1 tick is 1 ms.
let milliseconds = TempoMap(
  division: .metrical(ticksPerQuarter: 500), changes: [TempoChange(tick: 0, microsecondsPerQuarter: 500_000)])

/// A score of one track, in milliseconds.
func score(
  _ notes: [Note], controls: [ControlEvent] = [], systemExclusives: [SystemExclusive] = [], end: Tick = .zero
) -> Score {
  let last = notes.map(\.end).max() ?? .zero
  return Score(
    tempoMap: milliseconds,
    tracks: [Track(notes: notes, controls: controls, systemExclusives: systemExclusives, end: max(end, last))])
}

func note(_ pitch: UInt8, _ times: Range<Int64>, velocity: UInt8 = 100, channel: UInt8 = 0) -> Note {
  Note(
    onset: Tick(rawValue: times.lowerBound), end: Tick(rawValue: times.upperBound), pitch: Pitch(clamping: pitch),
    velocity: Velocity(clamping: velocity), channel: Channel(status: channel))
}

func control(_ tick: Tick, _ message: ControlEvent.Message, channel: UInt8 = 0) -> ControlEvent {
  ControlEvent(tick: tick, channel: Channel(status: channel), message: message)
}

/// Neither reverberation nor chorus.
let dry: SynthesizerConfiguration = {
  var configuration = SynthesizerConfiguration()
  configuration.reverb = nil
  configuration.chorus = nil
  return configuration
}()

/// The interleaved samples of a whole rendering.
func interleaved(
  _ score: Score, soundFont: String, rate: Int = 48_000, configuration: SynthesizerConfiguration = dry,
  ending: Ending = .silence, start: Seconds = .zero, including notes: (Int, Note) -> Bool = { _, _ in true }
) throws -> [Float] {
  var renderer = try OfflineRenderer(
    score, rate: rate, soundFont: soundFont, configuration: configuration, ending: ending, including: notes)
  if start > .zero { renderer.seek(to: start) }
  var samples: [Float] = []
  while let part = renderer.next() { samples += part }
  return samples
}

/// The left channel of a whole rendering.
func listen(
  _ score: Score, soundFont: String, rate: Int = 48_000, configuration: SynthesizerConfiguration = dry,
  ending: Ending = .silence, start: Seconds = .zero
) throws -> Sound {
  let samples = try interleaved(
    score, soundFont: soundFont, rate: rate, configuration: configuration, ending: ending, start: start)
  return Sound(samples: stride(from: 0, to: samples.count, by: 2).map { samples[$0] }, rate: rate)
}
