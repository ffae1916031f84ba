internal import Glibc
internal import MusicCore

/// Decodes beats and bars from the output of the network: the sequence of chords with the best sum of the log odds of beats
/// and the costs of tempo and meter changes.
///
/// Exact dynamic programming over (chord, beat period, position in a bar of two, three or four beats): the bar pointer model
/// (Whiteley, Cemgil & Godsill, ISMIR 2006) with tempo changes only at beats (Krebs, Böck & Widmer, ISMIR 2015), on onsets
/// instead of frames, so that beats coincide with notes. A beat without a note has the log odds `miss`, and is interpolated
/// between its neighbors.
package struct BeatDecoder {
  /// The resolution of beat periods, in units of the natural logarithm.
  package static let step = 0.05
  package static let periodCount =
    Int(log(BeatNetwork.periodRange.upperBound / BeatNetwork.periodRange.lowerBound) / step) + 1
  /// The maximum number of consecutive beats without a note, plus one.
  package static let longestSkip = 3

  /// Added to the log odds of every beat, since a missing beat does more harm than an additional one.
  var bias = 2.0
  /// Added to the log odds of a downbeat, given that it is a beat.
  var downbeatBias = 0.6
  /// Chords with lower log odds are not candidates for beats: a beat without a note would score as well.
  var leastOdds = -2.0
  /// The cost of a tempo change by a factor of e, and the maximum cost of a tempo change.
  package var tempoChange = 12.0
  package var tempoJump = 5.0
  /// The log odds of a beat without a note, and what is added to them on a downbeat.
  package var miss = -3.0
  package var missedDownbeat = -2.0
  /// The weight of the network's beat periods, per second.
  var periodWeight = 0.2
  /// The cost per second of a beat period that differs from the preferred one by a factor of e^0.7.
  var unusualTempo = 0.2
  /// The preferred beat period in seconds (Parncutt, Music Perception 11, 1994; Moelants, ICMPC 2002).
  static let preferredPeriod = 0.55
  /// The standard deviation of the logarithm of a beat's duration relative to the tempo.
  package var deviation = 0.06
  /// The cost of a bar that is cut short or that is followed by one of another length.
  package var barChange = 16.0
  /// The weight of the network's meters, per beat.
  var meterWeight = 0.1
  /// The cost of music before the first and after the last beat, per second.
  package var lead = 0.5

  /// Beats and their positions in bars.
  package struct Beats: Equatable {
    /// The times in seconds, ascending.
    package var seconds: [Double]
    /// Indices into `BarPlace.all`.
    package var places: [Int]

    package init(seconds: [Double], places: [Int]) { (self.seconds, self.places) = (seconds, places) }
  }

  package init() {}

  /// The beats of chords. Music is divided at silences that are too long for beats without notes; each part is decoded
  /// independently. O(chords × periods).
  func beats(chords all: [OnsetGroup], network: BeatNetwork.Output) -> Beats {
    var kept = all.indices.filter { Double(network.beat[$0]) + bias > leastOdds }
    if kept.count < 2 { kept = Array(all.indices) }
    guard kept.count > 1 else { return Beats(seconds: all.map(\.onset), places: all.map { _ in 0 }) }
    var beats = Beats(seconds: [], places: [])
    for stretch in Self.stretches(kept, all) {
      let found = self.beats(on: stretch, of: all, network: network)
      beats.seconds += found.seconds
      beats.places += found.places
    }
    return beats
  }

  /// Divides the candidates at silences that are too long for beats without notes.
  private static func stretches(_ kept: [Int], _ all: [OnsetGroup]) -> [ArraySlice<Int>] {
    let ends = kept.indices.dropFirst().filter { all[kept[$0]].onset - all[kept[$0 - 1]].onset > BeatSearch.farthest }
    return zip([0] + ends, ends + [kept.count]).map { kept[$0..<$1] }
  }

  private func beats(on chords: ArraySlice<Int>, of all: [OnsetGroup], network: BeatNetwork.Output) -> Beats {
    var search = BeatSearch(onsets: chords.map { all[$0].onset }, decoder: self)
    var likelihoods = PeriodLikelihoods(decoder: self)
    for chord in chords {
      likelihoods.read(network.period[chord * BeatNetwork.periodCount..<(chord + 1) * BeatNetwork.periodCount])
      search.advance(evidence: evidence(at: chord, network: network), periods: likelihoods.perSecond)
    }
    return search.bestPath()
  }

  /// The score of a beat on a chord at each position in a bar.
  private func evidence(at chord: Int, network: BeatNetwork.Output) -> [Float] {
    let beat = min(max(Self.sigmoid(Double(network.beat[chord])), 1e-4), 1 - 1e-4)
    let downbeat = Self.sigmoid(Double(network.downbeat[chord]))
    let given = min(max(downbeat / max(beat, downbeat), 0.02), 0.98)
    let share = Self.sigmoid(log(given / (1 - given)) + downbeatBias)
    let odds = Double(network.beat[chord]) + bias
    let columns = chord * BeatNetwork.meterCount..<(chord + 1) * BeatNetwork.meterCount
    let row = network.meter[columns].map { exp(Double($0)) }
    let total = row.reduce(0, +)
    // Log ratios to chance, which is a third for each number of beats; simple and compound meters are added.
    let meters = (0..<3).map { meterWeight * log(min(max(3 * (row[$0] + row[$0 + 3]) / total, 0.1), 3)) }
    return BarPlace.all.map { Float(odds + log($0.isFirst ? share : 1 - share) + meters[$0.length - 2]) }
  }

  static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// The network's beat periods as log likelihood ratios to chance, minus the cost of an unusual tempo.
  private struct PeriodLikelihoods {
    /// The score of each period, per second.
    private(set) var perSecond: [Double]
    private let weight: Double
    private let unusual: [Double]
    /// The position of each period between the centers of two of the network's periods.
    private let places: [(index: Int, fraction: Double)]
    private var ratios = [Double](repeating: 0, count: BeatNetwork.periodCount)

    init(decoder: BeatDecoder) {
      let (count, coarse) = (BeatDecoder.periodCount, BeatNetwork.periodCount)
      let range = BeatNetwork.periodRange
      let width = log(range.upperBound / range.lowerBound) / Double(coarse)
      weight = decoder.periodWeight
      unusual = (0..<count).map { fine in
        let z = (log(range.lowerBound / preferredPeriod) + Double(fine) * step) / 0.7
        return decoder.unusualTempo * z * z
      }
      places = (0..<count).map { fine in
        let place = min(max(Double(fine) * step / width - 0.5, 0), Double(coarse - 1))
        let index = min(Int(place), coarse - 2)
        return (index, place - Double(index))
      }
      perSecond = unusual
    }

    /// Computes the scores from the network's logits for a chord.
    mutating func read(_ row: ArraySlice<Float>) {
      let greatest = row.max() ?? 0
      var total = 0.0
      for value in row { total += exp(Double(value - greatest)) }
      let mean = log(total / Double(row.count))
      for (index, value) in row.enumerated() { ratios[index] = max(Double(value - greatest) - mean, -5) }
      for (index, place) in places.enumerated() {
        let ratio = ratios[place.index] * (1 - place.fraction) + ratios[place.index + 1] * place.fraction
        perSecond[index] = weight * ratio - unusual[index]
      }
    }
  }
}
