import ModelFormat
import MusicFeatures
import Tensors
import Testing
import VAEGAN

struct FeatureTwinTests {
  private static func native(_ window: TokenWindow) -> (planes: [Float], features: [Float]) {
    var state = window.start
    func planes() -> [Float] {
      var planes = [Float](repeating: 0, count: KeyPlanes.count)
      KeyPlanes.write(state, to: &planes)
      return planes
    }
    var rows = [planes()]
    var features: [Float] = []
    for token in window.tokens {
      state.apply(token)
      rows.append(planes())
      var own = [Float](repeating: 0, count: PositionFeatures.count)
      PositionFeatures.write(token, before: rows[rows.count - 2], after: rows[rows.count - 1], to: &own)
      features += own
    }
    return (rows.flatMap(\.self), features)
  }

  /// Compares both implementations on excerpts of music and on random tokens, which include note-offs of silent keys.
  @Test func planesAndFeaturesAreThoseOfMusicFeatures() throws {
    var music = try ["joplin-the-entertainer", "greensleeves"].map {
      TokenWindow(of: try corpusTokens($0), from: 200, count: 96, context: 150)
    }
    music += stretches([96, 96, 96, 96])
    let input = try CriticInput(music, multiple: 96)
    let soft = try softPlanes(input.tokens, from: music.map(\.start))
    let twin = try FeatureTwin(on: .cpu)
    let features = try twin(input.tokens, planes: soft).floats()
    let expected = music.map(Self.native)
    #expect(largestDifference(try soft.floats(), expected.flatMap(\.planes)) < 1e-5)
    #expect(largestDifference(features, expected.flatMap(\.features)) < 1e-4)
    // Every feature varies in this music.
    for feature in 0..<PositionFeatures.count {
      let values = stride(from: feature, to: features.count, by: PositionFeatures.count).map { features[$0] }
      #expect(values.min() != values.max(), "feature \(feature) is constant")
    }
  }

  /// The gradient with respect to distributions over tokens, through features and keyboard state, compared with a
  /// finite difference.
  @Test func relaxedTokensHaveTheGradientOfTheirFeatures() throws {
    let generator = try Generator(seed: 4)
    let logits = try generator.normal([2, 12, 774])
    let starts = stretches([1, 1]).map(\.start)
    let weights = try generator.normal([2, 12, PositionFeatures.count])
    let twin = try FeatureTwin(on: .cpu)
    func value(_ logits: Tensor) throws -> Tensor {
      let tokens = try (logits * 2).softmax()
      return try (twin(tokens, planes: softPlanes(tokens, from: starts)) * weights).sum()
    }
    let leaf = try logits.copied().requireGradient()
    let gradient = try #require(try Gradients.of(value(leaf), by: [leaf])[0])
    let direction = try gradient / gradient.squared().sum().item().squareRoot()
    let step = 1e-2
    let difference =
      try (value(logits + direction * step).item() - value(logits - direction * step).item()) / (2 * step)
    let slope = try (gradient * direction).sum().item()
    #expect(slope > 0.1 && abs(difference - slope) < 0.03 * slope, "\(difference) and \(slope)")
  }
}
