import Inference
import ModelFormat
import MusicCore
import MusicFeatures
import TestSupport
import Testing

@Suite struct ChartTests {
  private static let bos = Configuration.Vocabulary.bos

  /// A chord every 40 ticks, root position triads that rise by semitones.
  private static func chart(from start: Int = 0) -> ChordChart {
    ChordChart(
      (0..<30).map { index in
        ChordChart.Entry(
          start: TokenTime(rawValue: start + 40 * index), end: TokenTime(rawValue: start + 40 * (index + 1)),
          chord: Chord(root: PitchClass(semitones: index), quality: .maj),
          key: Key(tonic: PitchClass(semitones: 0), isMinor: false), place: index % 8, halfBeats: 1, beatsPerBar: 4)
      })
  }

  private static func logits(
    _ model: Model, _ tokens: [Int], chart: ChordChart?, keyboard: KeyboardState = KeyboardState()
  ) -> [Float] {
    let state = DecoderState(model)
    state.reset(keyboard)
    state.chart = chart
    return Array(state.prefill([bos] + tokens))
  }

  private func differs(_ values: [Float], _ others: [Float]) -> Bool {
    zip(values, others).contains { ($0 - $1).magnitude > 1e-3 }
  }

  /// The logits depend on the chords at the time of the tokens so far, and on nothing beyond the next chord.
  @Test func chordsCountAtTheirTime() throws {
    let model = try TestModel.model(.tiny)
    // 60 ticks: in the second chord.
    let tokens = [770, 60, 255 + 30, 64, 255 + 30]
    let with = Self.logits(model, tokens, chart: Self.chart())
    #expect(differs(with, Self.logits(model, tokens, chart: nil)))
    var changed = Self.chart()
    for index in 3..<30 { changed.entries[index].chord.quality = .dim7 }
    #expect(with == Self.logits(model, tokens, chart: changed))
    changed.entries[2].chord.quality = .dim7
    #expect(differs(with, Self.logits(model, tokens, chart: changed)))
    // Times are those of the keyboard state, which may be far into a piece.
    var keyboard = KeyboardState()
    for _ in 0..<3 { keyboard.apply(767) }
    let later = Self.logits(model, tokens, chart: Self.chart(from: 3 * 512), keyboard: keyboard)
    #expect(with == later)
  }

  /// A model without charts ignores them.
  @Test func aModelWithoutChartsIgnoresThem() throws {
    var configuration = Configuration.tiny
    configuration.chart = nil
    let model = try TestModel.model(configuration)
    #expect(Self.logits(model, [770, 60], chart: Self.chart()) == Self.logits(model, [770, 60], chart: nil))
    #expect(ChartReader(model) == nil)
  }

  /// Chords belong to times, also after rewinding and in a copy.
  @Test func rewindingAndCopying() throws {
    let model = try TestModel.model(.tiny)
    let tokens = [Self.bos, 770, 60, 285, 188, 64, 300, 192, 310, 67, 290]
    let expected = Self.logits(model, Array(tokens.dropFirst()), chart: Self.chart())
    let state = DecoderState(model)
    state.chart = Self.chart()
    _ = state.prefill(tokens.prefix(6))
    _ = state.prefill([320, 767, 60])
    state.rewind(to: 6)
    let copy = DecoderState(model)
    copy.copy(state, from: 0)
    for state in [state, copy] { #expect(Array(state.prefill(tokens.dropFirst(6))) == expected) }
  }

  /// The reader is causal, and begins anew after a reset.
  @Test func aReaderStartsAgain() throws {
    let model = try TestModel.model(.tiny)
    let reader = try #require(ChartReader(model))
    let elements = ChartTokens.elements(of: Self.chart())
    let first = elements.prefix(20).map(reader.read)
    #expect(Set(first.map { $0[0] }).count == 20)
    reader.reset()
    let other = elements.prefix(10).map(reader.read)
    #expect(other == Array(first.prefix(10)))
    // The place in the bar counts.
    var moved = elements[10]
    moved.nextPlace += 1
    #expect(differs(reader.read(moved), first[10]))
  }
}
