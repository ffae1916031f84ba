public import Inference
public import MusicCore
internal import MusicFeatures

/// Composes chord charts with a model, or continues them.
///
///     let composer = ChartComposer(model, ChartSampling())!
///     let chart = composer.chart(ofLength: TokenTime(Seconds(20)), using: &generator)
///
/// A composer must be used by one thread at a time.
public final class ChartComposer {
  private let reader: ChartReader
  private let sampling: ChartSampling
  private var sampler = Sampler(SamplingOptions(), capacity: ChartTokens.count)
  /// The logits after the last token that was read.
  private var logits: [Float] = []

  /// Creates a composer; nil if the model has no charts.
  public init?(_ model: Model, _ sampling: ChartSampling) {
    guard let reader = ChartReader(model) else { return nil }
    self.reader = reader
    self.sampling = sampling
  }

  /// A new chart of at least a length, from the beginning of a piece.
  ///
  /// - Parameter ending: the time from which on the piece may end, which it does within the length if the model finds an
  ///   end in several attempts; nil for a chart that does not end.
  public func chart(
    ofLength length: TokenTime, endingFrom ending: TokenTime? = nil, using generator: inout some RandomNumberGenerator
  ) -> ChordChart {
    reader.reset()
    read(.start, 0)
    let beats = 1 + read(.meter, sampling.beatsPerBar.map { $0 - 1 }, using: &generator)
    let tempo = read(.tempo, sampling.secondsPerBeat.map(ChartTokens.tempo(ofSecondsPerBeat:)), using: &generator)
    let mode = read(.mode, sampling.key.map { $0.isMinor ? 1 : 0 }, using: &generator)
    let tonic = sampling.key?.tonic ?? PitchClass(semitones: Int.random(in: 0..<12, using: &generator))
    let place = draw([.place], using: &generator).value % (2 * beats)
    read(.place, place, nextPlace: place)
    var state = State(
      key: Key(tonic: tonic, isMinor: mode == 1), beatsPerBar: beats,
      secondsPerBeat: sampling.secondsPerBeat ?? ChartTokens.secondsPerBeat(ofTempo: tempo), place: place, time: .zero)
    var chart = ChordChart([], isEnding: false)
    extend(&chart, to: length, endingFrom: ending, from: &state, using: &generator)
    return chart
  }

  /// Continues a chart to a time; its last chord, which was cut there, may go on.
  ///
  /// - Parameter ending: as in `chart`.
  public func extend(
    _ chart: inout ChordChart, to end: TokenTime, endingFrom ending: TokenTime? = nil,
    using generator: inout some RandomNumberGenerator
  ) {
    chart.isEnding = false
    guard let last = chart.entries.last, last.end < end else { return }
    var state = State(
      key: last.key, beatsPerBar: last.beatsPerBar, secondsPerBeat: recentSecondsPerBeat(of: chart), place: last.place,
      time: last.start)
    readHistory(of: chart)
    // The length of the last chord is sampled again.
    let lengths = ChartTokens.Kind.length.ids.dropFirst(last.halfBeats - 1)
    let value = draw(from: lengths.isEmpty ? ChartTokens.Kind.length.ids.suffix(1) : lengths, using: &generator).value
    let added = max(0, value + 1 - last.halfBeats)
    chart.entries[chart.entries.count - 1].halfBeats = last.halfBeats + added
    chart.entries[chart.entries.count - 1].end = last.end + state.time(ofHalfBeats: added)
    state.advance(halfBeats: last.halfBeats + added)
    state.time = chart.entries[chart.entries.count - 1].end
    read(.length, value, nextPlace: state.place)
    extend(&chart, to: end, endingFrom: ending, from: &state, using: &generator)
  }

  // MARK: Chords

  /// Where the next chord begins.
  private struct State {
    var key: Key
    var beatsPerBar: Int
    var secondsPerBeat: Double
    /// In half beats.
    var place: Int
    var time: TokenTime

    func time(ofHalfBeats count: Int) -> TokenTime { TokenTime(Seconds(Double(count) * secondsPerBeat / 2)) }

    mutating func advance(halfBeats: Int) { place = (place + halfBeats) % (2 * beatsPerBar) }
  }

  /// The number of attempts to find an end.
  private static let attempts = 16

  private func extend(
    _ chart: inout ChordChart, to end: TokenTime, endingFrom ending: TokenTime?, from state: inout State,
    using generator: inout some RandomNumberGenerator
  ) {
    guard let ending, ending < end else { return extend(&chart, to: end, from: &state, using: &generator) }
    extend(&chart, to: ending, from: &state, using: &generator)
    let start = (chart: chart, state: state)
    for _ in 0..<Self.attempts where !chart.isEnding {
      (chart, state) = start
      readHistory(of: chart, isWhole: true)
      extend(&chart, to: end, from: &state, mayEnd: true, using: &generator)
    }
  }

  private func extend(
    _ chart: inout ChordChart, to end: TokenTime, from state: inout State, mayEnd: Bool = false,
    using generator: inout some RandomNumberGenerator
  ) {
    let start = state.time
    var halfBeats = 0
    while state.time < end {
      if reader.position + Self.tokensPerChord > reader.window { readHistory(of: chart, isWhole: true) }
      guard let entry = chord(from: &state, mayEnd: mayEnd, using: &generator) else {
        chart.isEnding = true
        return
      }
      halfBeats += entry.halfBeats
      // From the start, so that rounding errors do not add up.
      let next = start + state.time(ofHalfBeats: halfBeats)
      chart.entries.append(entry)
      chart.entries[chart.entries.count - 1].end = next
      state.time = next
    }
  }

  /// A key change, chord, inversion and length.
  private static let tokensPerChord = 4

  /// The next chord; nil if the piece ends.
  private func chord(
    from state: inout State, mayEnd: Bool, using generator: inout some RandomNumberGenerator
  ) -> ChordChart.Entry? {
    let qualities = ChordQuality.allCases
    let kinds: [ChartTokens.Kind] = [.chord] + (sampling.key == nil ? [.key] : []) + (mayEnd ? [.end] : [])
    var drawn = draw(kinds, using: &generator)
    if drawn.kind == .end { return nil }
    if drawn.kind == .key {
      read(.key, drawn.value, nextPlace: state.place)
      state.key = Key(tonic: state.key.tonic.transposed(by: drawn.value / 2), isMinor: drawn.value % 2 == 1)
      drawn = draw([.chord], using: &generator)
    }
    read(.chord, drawn.value, nextPlace: state.place)
    let quality = qualities[drawn.value % qualities.count]
    let root = state.key.tonic.transposed(by: drawn.value / qualities.count)
    let inversion = draw(
      from: ChartTokens.Kind.inversion.ids.prefix(quality.intervals.count), using: &generator
    ).value
    read(.inversion, inversion, nextPlace: state.place)
    let halfBeats = 1 + draw([.length], using: &generator).value
    var entry = ChordChart.Entry(
      start: state.time, end: state.time, chord: Chord(root: root, quality: quality, inversion: inversion),
      key: state.key, place: state.place, halfBeats: halfBeats, beatsPerBar: state.beatsPerBar)
    entry.end = state.time + state.time(ofHalfBeats: halfBeats)
    state.advance(halfBeats: halfBeats)
    read(.length, halfBeats - 1, nextPlace: state.place)
    return entry
  }

  /// Begins a sequence with the last chords of a chart.
  ///
  /// - Parameter isWhole: whether the length of the last chord is read as well.
  private func readHistory(of chart: ChordChart, isWhole: Bool = false) {
    reader.reset()
    let recent = ChordChart(
      Array(chart.entries.suffix(reader.window / (2 * Self.tokensPerChord))), isBeginning: false, isEnding: false)
    var elements = ChartTokens.elements(of: recent)
    if let last = recent.entries.last, let length = elements.popLast(), isWhole {
      let place = (last.place + last.halfBeats) % (2 * last.beatsPerBar)
      elements.append(ChartTokens.Element(id: length.id, nextPlace: ChartTokens.place(place)))
    }
    for element in elements { logits = reader.read(element) }
  }

  private func recentSecondsPerBeat(of chart: ChordChart) -> Double {
    let recent = ChordChart(Array(chart.entries.suffix(16)))
    return min(max(recent.secondsPerBeat ?? 0.5, 0.2), 2)
  }

  // MARK: Tokens

  private func read(_ kind: ChartTokens.Kind, _ value: Int, nextPlace: Int? = nil) {
    logits = reader.read(
      ChartTokens.Element(
        id: ChartTokens.id(kind, value), nextPlace: nextPlace.map(ChartTokens.place) ?? 0))
  }

  /// Reads a given value, or else one that is sampled as the model predicts it.
  private func read(
    _ kind: ChartTokens.Kind, _ given: Int?, using generator: inout some RandomNumberGenerator
  ) -> Int {
    let value = given ?? draw([kind], temperature: 1, topP: 1, using: &generator).value
    read(kind, value)
    return value
  }

  private func draw(
    _ kinds: [ChartTokens.Kind], temperature: Double? = nil, topP: Double? = nil,
    using generator: inout some RandomNumberGenerator
  ) -> (kind: ChartTokens.Kind, value: Int) {
    draw(from: kinds.flatMap(\.ids), temperature: temperature, topP: topP, using: &generator)
  }

  /// Samples one of some ids.
  private func draw(
    from ids: some Collection<Int>, temperature: Double? = nil, topP: Double? = nil,
    using generator: inout some RandomNumberGenerator
  ) -> (kind: ChartTokens.Kind, value: Int) {
    var masked = [Float](repeating: -.infinity, count: ChartTokens.count)
    for id in ids { masked[id] = logits[id] }
    sampler.options.temperature = Float(temperature ?? sampling.temperature)
    sampler.options.topP = Float(topP ?? sampling.topP)
    let id = masked.withUnsafeBufferPointer { sampler.choose($0, using: &generator) }
    return ChartTokens.meaning(of: id ?? ids.first ?? 0)
  }
}

/// How chord charts are composed.
public struct ChartSampling: Hashable, Sendable {
  /// Divides the logits of chords, inversions and lengths.
  public var temperature = 0.8
  /// Keep the smallest set of tokens with a total probability of at least this (nucleus sampling, Holtzman 2020).
  public var topP = 0.95
  /// The key of the whole chart; nil for the model's choice.
  public var key: Key?
  /// The beats of a bar; nil for the model's choice.
  public var beatsPerBar: Int?
  /// The length of a beat; nil for the model's choice.
  public var secondsPerBeat: Double?

  /// Creates settings with the defaults.
  public init() {}
}
