import Audio
import Glibc
import Testing

struct SignalTests {
  /// The mean of a level far below one quantization step survives rounding only with dither, and only with triangular
  /// dither is the variance of the error a quarter of a squared step at every level.
  @Test(arguments: [(16, 0.25), (16, 0.0), (16, 100.5), (24, 0.3)])
  func ditherIsTriangular(bits: Int, level: Double) {
    let step = 1 / Double(1 << (bits - 1))
    var quantizer = SampleQuantizer(bits: bits)
    var words: [Int32] = []
    let count = 200_000
    quantizer.quantize(Array(repeating: Float(level * step), count: count), into: &words)
    let values = words.map { Double($0 >> Int32(32 - bits)) }
    let mean = values.reduce(0, +) / Double(count)
    let variance = values.reduce(0) { $0 + ($1 - level) * ($1 - level) } / Double(count)
    #expect(abs(mean - level) < 0.01)
    #expect(abs(variance - 0.25) < 0.01)
  }

  @Test func peaks() {
    var meter = PeakMeter()
    meter.measure([0, -0.5, 0.25])
    meter.measure([])
    #expect(meter.peak == 0.5 && meter.clippedSamples == 0)
    #expect(abs((meter.decibels ?? 0) + 6.0206) < 0.001)
    #expect(PeakMeter().decibels == nil)
  }

  /// Sines whose samples miss the peaks of the waveform: at a quarter of the sample rate, by 3 dB.
  @Test(arguments: [(12_000.0, Double.pi / 4), (8000, 0.5), (6000, 0.3), (997, 0), (17_000, 1)])
  func truePeak(frequency: Double, phase: Double) {
    var meter = TruePeakMeter()
    let samples = sine(frequency, rate: 48_000, frames: 4800, amplitude: 0.8, phase: phase)
    // Faded in and out, because an abrupt start has higher peaks.
    let faded = samples.enumerated().map { index, sample in
      sample * Float(min(1, min(Double(index), Double(samples.count - 1 - index)) / 2000))
    }
    meter.measure(Array(faded[..<3000]))
    meter.measure(Array(faded[3000...]))
    meter.finish()
    #expect(abs(20 * log10(Double(meter.peak) / 0.8)) < 0.2)
  }

  /// The last frames are measured despite the delay of the filter.
  @Test func truePeakOfTheEnd() {
    var meter = TruePeakMeter()
    meter.measure([Float](repeating: 0, count: 2000) + [0, 0.75])
    meter.finish()
    #expect(meter.peak >= 0.75)
  }

  @Test(arguments: [50.0, 1000, 20_000, 40_000])
  func doubledRate(frequency: Double) {
    let (rate, frames) = (96_000, 9600)
    let samples = sine(frequency, rate: rate, frames: frames)
    var doubler = RateDoubler()
    var doubled: [Float] = []
    // Blocks that are shorter than the filter.
    for start in stride(from: 0, to: samples.count, by: 30) {
      doubled += doubler.process(Array(samples[start..<min(start + 30, samples.count)]))
    }
    doubled += doubler.finish()
    #expect(doubled.count == 2 * samples.count)
    let exact = sine(frequency, rate: 2 * rate, frames: 2 * frames)
    // Away from the ends, where the sound starts and stops abruptly.
    let errors = zip(doubled, exact).map { abs($0 - $1) }[400..<doubled.count - 400]
    #expect((errors.max() ?? 1) < 0.5e-5, "100 dB below the sine")
  }
}
