import Generation
import Inference
import ModelFormat
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

  private func latents(_ source: LatentSource, window: Int = 0, after previous: Latents? = nil, seed: UInt64 = 3)
    -> Latents
  {
    var generator = SeededGenerator(seed: seed)
    return source.latents(ofWindow: window, after: previous, prior, using: &generator)
  }

  @Test func likeHasTheLatentsOfEachWindow() {
    for window in first.indices {
      var generator = SeededGenerator(seed: 3)
      let expected = first[window].draw(using: &generator).latents
      let found = latents(.like(first), window: window)
      #expect(found.global == expected.global && found.phrases.starts(with: expected.phrases))
      #expect(found.locals.starts(with: expected.locals))
      #expect(found.phrases.count == 2 && found.locals.count == 8, "what the music has not is drawn")
    }
    let last = latents(.like(first))
    let after = latents(.like(first), window: first.count, after: last)
    #expect(after.global == last.global && after.phrases != last.phrases)
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

  /// Pieces are heard in the windows of training: all of them, with the end in the last.
  @Test func windowsOfAPiece() throws {
    let piece = Array(try piece(1, notes: 100).drop { (256..<768).contains($0.rawValue) })
    #expect(first.count == (piece.count + 127) / 128 || first.count == (piece.count + 127) / 128 + 1)
    let isFirst = first[0].mean == model.encode(piece.prefix(128).map { Int($0.rawValue) }).mean
    #expect(isFirst)
    let short = Array(piece.prefix(4))
    let hasEnd = model.encodeWindows(of: short)[0].mean == model.encode(short.map { Int($0.rawValue) } + [775]).mean
    #expect(hasEnd)
  }
}
