import Files
import MusicCore
import Notation
import Testing

/// Damaged sources give an error with a position, or music; they never cause a crash or a hang.
@Suite struct MutationTests {
  private static let characters = Array("abcdefgrR0123456789/.#b{}[]()!|&%~'_>^\"<*=:, \n\u{E9}x".unicodeScalars)

  @Test(arguments: CorpusTests.names)
  func damagedSourcesNeverCrash(name: String) throws {
    let bytes = try readBytes(ofFile: packagePath("corpus/\(name).score"))
    let source = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    var generator = SplitMix64(seed: UInt64(source.count))
    var errors = 0
    for _ in 0..<300 {
      let damaged = mutated(source, &generator)
      let text = String(String.UnicodeScalarView(damaged))
      guard let error = mistake(in: text) else { continue }
      errors += 1
      let lines = text.unicodeScalars.count { $0 == "\n" } + 1
      #expect((1...lines).contains(error.line) && error.column >= 1, "\(error)")
      #expect(!"\(error)".contains("\n"), "\(error)")
    }
    #expect(errors > 30)
  }

  /// The source with one to eight characters or passages changed, duplicated, removed or moved, or truncated.
  private func mutated(_ source: [Unicode.Scalar], _ generator: inout SplitMix64) -> [Unicode.Scalar] {
    var text = source
    for _ in 0..<Int.random(in: 1...8, using: &generator) where !text.isEmpty {
      let place = Int.random(in: 0..<text.count, using: &generator)
      let end = min(text.count, place + Int.random(in: 1...40, using: &generator))
      let random = Self.characters.randomElement(using: &generator) ?? " "
      switch Int.random(in: 0..<7, using: &generator) {
      case 0: text[place] = random
      case 1: text.insert(random, at: place)
      case 2: text.remove(at: place)
      case 3: text.removeSubrange(place..<end)
      case 4: text.insert(contentsOf: text[place..<end], at: Int.random(in: 0...text.count, using: &generator))
      case 5: text.insert(contentsOf: repeatElement(random, count: 50), at: place)
      default: text.removeSubrange(place...)
      }
    }
    return text
  }
}
