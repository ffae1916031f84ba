import Generation
import Inference
import ModelFormat
import MusicCore
import MusicFeatures
import MusicTokens
import TestSupport
import Testing

@Suite struct ChartComposerTests {
  private func composer(_ change: (inout ChartSampling) -> Void = { _ in }) throws -> ChartComposer {
    var sampling = ChartSampling()
    (sampling.temperature, sampling.topP) = (1, 1)
    change(&sampling)
    return try #require(ChartComposer(tinyModel(), sampling))
  }

  /// Checks what holds for every chart of a composer: chords follow each other without gaps, and their places in the bar
  /// and lengths agree.
  private func check(_ chart: ChordChart, from first: Int = 0) {
    for (entry, next) in zip(chart.entries, chart.entries.dropFirst()).dropFirst(first) {
      #expect(next.start == entry.end && entry.start < entry.end)
      #expect(next.place == (entry.place + entry.halfBeats) % (2 * entry.beatsPerBar))
      #expect((0..<2 * entry.beatsPerBar).contains(entry.place) && entry.beatsPerBar == next.beatsPerBar)
    }
  }

  /// Charts are longer than the context of the model of charts, and long enough.
  @Test(arguments: 1...8) func chartsAreWhole(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let length = TokenTime(Seconds(300))
    let chart = try composer().chart(ofLength: length, using: &generator)
    check(chart)
    #expect(chart.entries.first?.start == .zero && chart.isBeginning && !chart.isEnding)
    let last = try #require(chart.entries.last)
    #expect(last.start < length && last.end >= length)
    // Times are those of the tempo to a tick, however many chords there are.
    let halfBeats = chart.entries.reduce(0) { $0 + $1.halfBeats }
    let tempo = try #require(chart.secondsPerBeat)
    let exact = ChartTokens.secondsPerBeat(ofTempo: ChartTokens.tempo(ofSecondsPerBeat: tempo))
    #expect(abs(Double(halfBeats) * exact / 2 - last.end.seconds.rawValue) < 1.0 / 64)
    var again = SplitMix64(seed: seed)
    #expect(try composer().chart(ofLength: length, using: &again) == chart)
    var other = SplitMix64(seed: seed + 100)
    #expect(try composer().chart(ofLength: length, using: &other) != chart)
  }

  /// A piece that may end does so within its length, and not too early; others do not end.
  @Test func chartsEndWithinTheirLength() throws {
    let composer = try composer()
    let (first, length) = (TokenTime(Seconds(30)), TokenTime(Seconds(120)))
    var ended = 0
    for seed in 1...20 as ClosedRange<UInt64> {
      var generator = SplitMix64(seed: seed)
      let chart = composer.chart(ofLength: length, endingFrom: first, using: &generator)
      check(chart)
      let last = try #require(chart.entries.last)
      #expect(chart.isEnding ? last.end >= first && last.start < length : last.end >= length)
      ended += chart.isEnding ? 1 : 0
    }
    #expect(ended > 10)
  }

  @Test func keyTempoAndMeterCanBeGiven() throws {
    let key = try #require(Key("Eb minor"))
    let composer = try composer {
      $0.key = key
      $0.beatsPerBar = 3
      $0.secondsPerBeat = 0.437
    }
    for seed in 1...5 as ClosedRange<UInt64> {
      var generator = SplitMix64(seed: seed)
      let chart = composer.chart(ofLength: TokenTime(Seconds(60)), using: &generator)
      check(chart)
      #expect(chart.entries.allSatisfy { $0.key == key && $0.beatsPerBar == 3 })
      #expect(abs((chart.secondsPerBeat ?? 0) - 0.437) < 0.002)
    }
  }

  /// Without a given key, charts modulate and begin in all keys.
  @Test func keysAreTheModelsChoice() throws {
    let composer = try composer()
    var firsts = Set<Key>()
    var changes = 0
    for seed in 1...60 as ClosedRange<UInt64> {
      var generator = SplitMix64(seed: seed)
      let keys = composer.chart(ofLength: TokenTime(Seconds(20)), using: &generator).entries.map(\.key)
      firsts.formUnion(keys.prefix(1))
      changes += zip(keys, keys.dropFirst()).count { $0 != $1 }
    }
    #expect(firsts.count > 15 && changes > 20)
  }

  /// A chart of music is continued: its chords stay, and the last, which was cut, may only become longer.
  @Test(arguments: 1...6) func extendsACharts(seed: UInt64) throws {
    let progression = try ChordProgression("| C | G7 Am | F G |")
    let known = try progression.chart(ofLength: TokenTime(Seconds(6)), beatsPerBar: 4, secondsPerBeat: 0.5)
    var chart = known
    var generator = SplitMix64(seed: seed)
    try composer().extend(&chart, to: TokenTime(Seconds(200)), using: &generator)
    check(chart, from: known.entries.count - 1)
    #expect(chart.entries.prefix(known.entries.count - 1) == known.entries.dropLast())
    let (cut, continued) = (known.entries[known.entries.count - 1], chart.entries[known.entries.count - 1])
    #expect(continued.chord == cut.chord && continued.start == cut.start && continued.end >= cut.end)
    #expect(chart.entries.last.map { $0.end >= TokenTime(Seconds(200)) } == true)
    // The tempo is that of the given chords.
    let added = ChordChart(Array(chart.entries.dropFirst(known.entries.count)))
    #expect(abs((added.secondsPerBeat ?? 0) - 0.5) < 0.01)
  }

  @Test func aModelWithoutChartsComposesNone() throws {
    var configuration = Configuration.tiny
    configuration.chart = nil
    let model = try tinyModel(configuration)
    #expect(ChartComposer(model, ChartSampling()) == nil)
    #expect(GenerationSession(model, GenerationSettings(seed: 1)).chart == nil)
  }

  // MARK: Takes

  private func settings(_ seed: UInt64, _ harmony: Harmony, prompt: Prompt? = nil) -> GenerationSettings {
    var settings = GenerationSettings(seed: seed)
    settings.harmony = harmony
    settings.prompt = prompt
    settings.length = TokenTime(Seconds(10))
    settings.mayEnd = false
    return settings
  }

  /// A take depends on its chart, and candidates follow the same one.
  @Test func takesFollowTheirCharts() throws {
    let model = try tinyModel()
    let charts = try ["C", "Ebm7"].map {
      try ChordProgression($0).chart(ofLength: TokenTime(Seconds(10)))
    }
    let takes = try [Harmony.free, .given(charts[0]), .given(charts[1])].map { try take(model, settings(1, $0)) }
    #expect(Set(takes).count == 3)
    let composed = GenerationSession(model, settings(1, .composed(ChartSampling())))
    let chart = try #require(composed.chart)
    #expect(chart.entries.last.map { $0.end >= TokenTime(Seconds(10)) } == true)
  }

  /// After a prompt a given chart begins with the take, and a composed one continues the chords of the prompt.
  @Test func chartsAfterAPrompt() throws {
    let model = try tinyModel()
    let chords = [[48, 64, 67], [43, 62, 67, 71], [48, 64, 67], [41, 60, 65, 69]]
    var tokens = [Token.velocityChange(.mf)]
    for chord in chords + chords {
      tokens += chord.map { Token.noteOn(Pitch(rawValue: UInt8($0))!) } + [.timeShift(64)]
      tokens += chord.map { Token.noteOff(Pitch(rawValue: UInt8($0))!) }
    }
    let prompt = try #require(try Prompt(tokens))
    let given = try ChordProgression("D").chart(ofLength: TokenTime(Seconds(10)))
    for harmony in [Harmony.given(given), .composed(ChartSampling())] {
      let session = GenerationSession(model, settings(1, harmony, prompt: prompt))
      let chart = try #require(session.chart)
      let roots = chart.entries.filter { $0.start < TokenTime(Seconds(7)) }.map(\.chord.root.rawValue)
      #expect(roots.starts(with: [0, 7, 0, 5, 0, 7, 0]))
      #expect(chart.entries.last.map { $0.end >= prompt.length + TokenTime(Seconds(10)) } == true)
      if case .given = harmony {
        let new = chart.entries.filter { $0.start >= prompt.length }
        #expect(new.first?.start == prompt.length && new.allSatisfy { $0.chord.root.rawValue == 2 })
      }
    }
  }
}
