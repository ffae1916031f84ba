import Glibc
import MusicCore
import Synthesis

/// One channel of a rendered sound, with measurements of it.
struct Sound {
  var samples: [Float]
  var rate: Int

  /// The part between two times in seconds.
  func part(_ times: Range<Double>) -> Sound {
    let range = Int(times.lowerBound * Double(rate))..<Int(times.upperBound * Double(rate))
    return Sound(samples: Array(samples[range.clamped(to: samples.indices)]), rate: rate)
  }

  /// The root mean square of the samples.
  var rms: Double {
    (samples.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(1, samples.count))).squareRoot()
  }

  var peak: Float { samples.reduce(0) { max($0, abs($1)) } }

  /// The first frame that is louder than a threshold.
  func onset(over threshold: Float, from frame: Int = 0) -> Int? {
    samples[frame...].firstIndex { abs($0) > threshold }
  }

  /// The frequency of the partial near an expected frequency: the peak of a Hann-windowed Fourier transform within
  /// 60 cents, refined by a parabola through the levels in decibels around it.
  func frequency(near expected: Double) -> Double {
    let count = samples.count
    let windowed = samples.enumerated().map { index, sample in
      Double(sample) * (0.5 - 0.5 * cos(2 * .pi * Double(index) / Double(count)))
    }
    func level(_ frequency: Double) -> Double {
      let step = 2 * .pi * frequency / Double(rate)
      var (real, imaginary) = (0.0, 0.0)
      for (index, value) in windowed.enumerated() {
        real += value * cos(step * Double(index))
        imaginary += value * sin(step * Double(index))
      }
      return decibels((real * real + imaginary * imaginary).squareRoot())
    }
    let frequencies = stride(from: -60.0, through: 60, by: 4).map { expected * exp2($0 / 1200) }
    let levels = frequencies.map(level)
    guard let best = levels.indices.max(by: { levels[$0] < levels[$1] }), best > 0, best + 1 < levels.count else {
      return 0
    }
    let (a, b, c) = (levels[best - 1], levels[best], levels[best + 1])
    return frequencies[best] * exp2(4 * 0.5 * (a - c) / (a - 2 * b + c) / 1200)
  }
}

/// The interval between two frequencies in cents.
func cents(_ frequency: Double, from reference: Double) -> Double { 1200 * log2(frequency / reference) }

func decibels(_ ratio: Double) -> Double { 20 * log10(ratio) }

/// A tempo map in which a tick is 1 ms.
let milliseconds = TempoMap(
  division: .metrical(ticksPerQuarter: 500), changes: [TempoChange(tick: 0, microsecondsPerQuarter: 500_000)])

/// A score of one track, with times in milliseconds.
func score(
  _ notes: [Note], controls: [ControlEvent] = [], systemExclusives: [SystemExclusive] = [], end: Tick = .zero
) -> Score {
  let last = notes.map(\.end).max() ?? .zero
  return Score(
    tempoMap: milliseconds,
    tracks: [Track(notes: notes, controls: controls, systemExclusives: systemExclusives, end: max(end, last))])
}

func note(_ pitch: UInt8, _ times: Range<Int64>, velocity: UInt8 = 100, channel: UInt8 = 0, port: UInt8 = 0)
  -> Note
{
  Note(
    onset: Tick(rawValue: times.lowerBound), end: Tick(rawValue: times.upperBound), pitch: Pitch(masking: pitch),
    velocity: Velocity(masking: velocity), channel: Channel(status: channel), port: port)
}

func control(_ tick: Tick, _ message: ControlEvent.Message, channel: UInt8 = 0) -> ControlEvent {
  ControlEvent(tick: tick, channel: Channel(status: channel), message: message)
}

/// A configuration without reverb and chorus.
let dry: SynthesizerConfiguration = {
  var configuration = SynthesizerConfiguration()
  configuration.reverb = nil
  configuration.chorus = nil
  return configuration
}()

/// The interleaved samples of a complete rendering.
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

/// The left channel of a complete rendering.
func listen(
  _ score: Score, soundFont: String, rate: Int = 48_000, configuration: SynthesizerConfiguration = dry,
  ending: Ending = .silence, start: Seconds = .zero
) throws -> Sound {
  let samples = try interleaved(
    score, soundFont: soundFont, rate: rate, configuration: configuration, ending: ending, start: start)
  return Sound(samples: stride(from: 0, to: samples.count, by: 2).map { samples[$0] }, rate: rate)
}
