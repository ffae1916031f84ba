internal import Glibc

/// A small convolutional network that estimates for each chord of a piece the probability of a beat and of a downbeat,
/// and the local beat period.
///
/// A temporal convolutional network (Bai, Kolter & Koltun 2018; for beats Davies & Böck, EUSIPCO 2019) whose steps are
/// chords, not moments. Each layer also sees how far in time the chords are that its dilation reaches. It is trained on
/// public-domain scores that were given synthetic performances; see `docs/analysis-rhythm.md`.
package struct BeatNetwork {
  /// Beat periods that the network tells apart, logarithmic from 0.2 to 2.7 s.
  static let periodCount = 24
  static let periodRange = 0.2...2.7
  static let dilations = [1, 2, 4, 8, 16, 32, 64]

  package struct Output {
    /// Log odds that the chord is on a beat, one per chord.
    package var beat: [Float]
    /// Log odds that it is on the first beat of a bar.
    package var downbeat: [Float]
    /// Unnormalized log probabilities of beat periods, `periodCount` × chords, row-major.
    package var period: [Float]
  }

  private struct Block {
    var convolution: Convolution
    var mixing: Convolution
  }

  private let input: Convolution
  private let blocks: [Block]
  private let output: Convolution

  /// The network with the weights that ship as a resource.
  package static let trained = BeatNetwork(BeatWeights())

  private init(_ source: BeatWeights) {
    var weights = source
    let width = BeatWeights.channels
    input = Convolution(&weights, from: BeatFeatures.count, to: width, taps: 1, dilation: 1)
    blocks = Self.dilations.map { dilation in
      Block(
        convolution: Convolution(&weights, from: width + 2, to: width, taps: 3, dilation: dilation),
        mixing: Convolution(&weights, from: width, to: width, taps: 1, dilation: 1)
      )
    }
    output = Convolution(&weights, from: width, to: 2 + Self.periodCount, taps: 1, dilation: 1)
  }

  /// The network's output for every chord. O(chords).
  package func callAsFunction(_ features: BeatFeatures) -> Output {
    let count = features.chords.count
    let margin = Self.dilations.max() ?? 1
    let onsets = features.chords.map(\.onset)
    let inputs = Signal(rows: features.values, count: count, margin: margin)
    var state = Signal(channels: BeatWeights.channels, count: count, margin: margin)
    var inner = state
    var wide = Signal(channels: BeatWeights.channels + 2, count: count, margin: margin)
    input.apply(to: inputs, into: &state)
    state.rectify()
    for (block, dilation) in zip(blocks, Self.dilations) {
      wide.copyChannels(of: state)
      wide.setDistances(onsets, dilation: dilation, channel: BeatWeights.channels)
      block.convolution.apply(to: wide, into: &inner)
      inner.rectify()
      block.mixing.apply(to: inner, into: &state, adding: true)
    }
    var result = Signal(channels: 2 + Self.periodCount, count: count, margin: 0)
    output.apply(to: state, into: &result)
    return Output(
      beat: result.row(0),
      downbeat: result.row(1),
      period: (2..<2 + Self.periodCount).flatMap { result.row($0) }
    )
  }
}
