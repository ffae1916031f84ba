import Generation
import Inference
import ModelFormat
import MusicCore
import MusicFeatures
import MusicTokens
import TestSupport
import Testing

@Suite struct LatentSourceTests {
  private let model: Model
  private let prior: Prior
  private let first: [Posterior]
  private let second: [Posterior]

  init() throws {
    model = try tinyModel()
    prior = try #require(model.prior)
    first = model.encodeWindows(of: try piece(1, notes: 100))
    second = model.encodeWindows(of: try piece(2, notes: 100))
    try #require(first.count > 2 && second.count > 2)
  }

  private func latents(_ source: LatentSource, window: Int = 0, after history: [Latents] = [], seed: UInt64 = 3)
    -> Latents
  {
    var generator = SeededGenerator(seed: seed)
    return source.latents(ofWindow: window, after: history, prior, using: &generator)
  }

  @Test func likeHasTheLatentsOfEachWindow() {
    for window in first.indices {
      var generator = SeededGenerator(seed: 3)
      let expected = first[window].draw(using: &generator).latents
      let found = latents(.like(first), window: window)
      #expect(found.global == expected.global && found.phrases.starts(with: expected.phrases))
      #expect(found.locals.starts(with: expected.locals))
      #expect(found.phrases.count == 2 && found.locals.count == 8, "latents that the music lacks are drawn")
    }
    let last = latents(.like(first))
    // After the end of the music, latents are drawn given those before them.
    let after = latents(.like(first), window: first.count, after: [last])
    let other = latents(.like(first), window: first.count, after: [latents(.like(second))])
    #expect(after.global != last.global && after.global != other.global && after.phrases.count == 2)
  }

  @Test(arguments: Configuration.Level.allCases)
  func varyDrawsOneLevel(level: Configuration.Level) {
    let (same, other) = (latents(.like(first)), latents(.varied(first, level)))
    #expect((same.global == other.global) == (level != .global))
    #expect((same.phrases == other.phrases) == (level != .phrase))
    #expect((same.locals == other.locals) == (level != .local))
  }

  @Test func betweenGoesFromOneToTheOther() {
    func distance(_ a: Latents, _ b: Latents) -> Float {
      zip(a.global + a.phrases.joined(), b.global + b.phrases.joined()).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let ends = [first[0].mean, second[0].mean]
    let way = [0, 0.25, 0.5, 0.75, 1].map { latents(.between(first, second, at: $0)) }
    #expect(distance(way[0], ends[0]) < 1e-6 && distance(way[4], ends[1]) < 1e-6)
    for (a, b) in zip(way, way.dropFirst()) {
      #expect(distance(a, ends[0]) < distance(b, ends[0]) && distance(a, ends[1]) > distance(b, ends[1]))
    }
  }

  /// Pieces are encoded in windows as in training, with the end token in the last one.
  @Test func windowsOfAPiece() throws {
    let piece = try piece(1, notes: 100).map(\.rawValue)
    #expect(first.count == (piece.count + 127) / 128)
    var keyboard = KeyboardState()
    for (index, start) in stride(from: 0, to: piece.count, by: 128).enumerated() {
      let slice = piece[start..<min(piece.count, start + 128)]
      let window = TokenWindow(tokens: slice + (slice.count < 128 ? [775] : []), start: keyboard)
      let isSame = first[index].mean == model.encode(window).mean
      #expect(isSame, "window \(index)")
      for token in slice { keyboard.apply(token) }
    }
  }
}
