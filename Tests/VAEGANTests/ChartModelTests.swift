import Foundation
import Layers
import ModelFormat
import MusicCore
import MusicFeatures
import Tensors
import TestSupport
import Testing
import VAEGAN

@Suite struct ChartModelTests {
  /// Bars of chords in C major, half a second a beat.
  private static func chart(_ text: String, seconds: Double) throws -> ChordChart {
    try ChordProgression(text).chart(ofLength: TokenTime(Seconds(seconds)))
  }

  /// The loss of several charts of different lengths is the sum of their own, each the sum of −log p of its tokens.
  @Test func lossIsMinusLogProbability() throws {
    let charts = try #require(model().charts)
    let music = try [Self.chart("C Am F G", seconds: 20), Self.chart("| Dm7 G7 | Cmaj7 |", seconds: 4)]
    try Gradients.unrecorded {
      let alone = try music.map { chart -> Double in
        let elements = ChartTokens.elements(of: chart)
        let ids = try Tensor(elements.map { Int64($0.id) }, [1, elements.count])
        let places = try Tensor(elements.map { Int64($0.nextPlace) }, [1, elements.count])
        let logits = try charts.logits(ids, places: places).floats()
        return elements.indices.dropFirst().reduce(0) { sum, index in
          let row = logits[(index - 1) * ChartTokens.count..<index * ChartTokens.count].map(Double.init)
          let most = row.max() ?? 0
          let total = row.reduce(0) { $0 + exp($1 - most) }
          return sum + most + log(total) - row[elements[index].id]
        }
      }
      let loss = try #require(try charts.loss(music))
      #expect(abs(try loss.nats.item() - alone[0] - alone[1]) < 1e-3)
      #expect(loss.chords == music[0].entries.count + music[1].entries.count)
      #expect(try charts.loss([ChordChart([])]) == nil && charts.loss([]) == nil)
    }
  }

  /// A chart that exceeds the context is cut, not an error.
  @Test func longChartsAreCut() throws {
    let model = try model()
    let charts = try #require(model.charts)
    let window = try #require(model.configuration.chart).window
    let loss = try #require(try charts.loss([Self.chart("C Am F G", seconds: 600)]))
    #expect(loss.chords < window && loss.chords > window / 4)
    #expect(try loss.nats.item().isFinite)
  }

  /// What a decoder predicts depends on the chart of its window, and gradients reach every parameter of charts.
  @Test func theDecoderReadsCharts() throws {
    let model = try model()
    var window = windows([128])[0]
    let time = window.start.time
    window.chart = try Self.chart("Eb7", seconds: 600).changed(semitones: 0) { $0 + time }
    func logits(_ window: TokenWindow) throws -> [Float] {
      try Gradients.unrecorded {
        try model.logits(Batch([window], multiple: model.lengthMultiple), latents: nil).floats()
      }
    }
    let with = try logits(window)
    var other = window
    other.chart = nil
    #expect(try largestDifference(with, logits(other)) > 1e-3)
    other.chart = window.chart?.changed(semitones: 1) { $0 }
    #expect(try largestDifference(with, logits(other)) > 1e-3)
    // A window without a chart has the same logits beside one with a chart as alone.
    other.chart = nil
    let both = try Gradients.unrecorded {
      try model.logits(Batch([window, other], multiple: model.lengthMultiple), latents: nil).floats()
    }
    #expect(try largestDifference(Array(both[both.count / 2..<both.count]), logits(other)) < 1e-4)

    let batch = try Batch([window], multiple: model.lengthMultiple)
    let loss = try #require(try model.charts?.loss(batch.charts)).nats + model.reconstruction(batch, latents: nil).sum()
    try loss.backward()
    for parameter in model.parameters.parameters where parameter.name?.contains("chart") == true {
      let gradient = try #require(try parameter.gradient(), "\(parameter.name ?? "")")
      #expect(try gradient.squared().sum().item() > 0, "\(parameter.name ?? "")")
    }
  }

  /// The model learns which chord follows which, in any key.
  @Test func learnsAProgression() throws {
    let model = try model()
    let charts = try #require(model.charts)
    let parameters = model.parameters.parameters.filter { $0.name?.hasPrefix("chart.") == true }
    let optimizer = try AdamW(parameters)
    let music = try (0..<4).map { semitones in
      try Self.chart("C Am F G", seconds: 16).changed(semitones: semitones) { $0 }
    }
    for _ in 0..<150 {
      try optimizer.clearGradients()
      let loss = try #require(try charts.loss(music))
      try (loss.nats / Double(loss.chords)).backward()
      try optimizer.step(learningRate: 0.01)
    }
    func nats(_ text: String) throws -> Double {
      let loss = try #require(try charts.loss([Self.chart(text, seconds: 16).changed(semitones: 7) { $0 }]))
      return try loss.nats.item() / Double(loss.chords)
    }
    #expect(try nats("C Am F G") < 0.5)
    #expect(try nats("C Am G F") > 2)
  }
}
