import MusicCore
import Testing

@Suite struct SplitMix64Tests {
  /// The first outputs of the reference implementation for seed 1.
  @Test func isThePublishedGenerator() {
    var generator = SplitMix64(seed: 1)
    #expect(generator.next() == 0x910A_2DEC_8902_5CC1)
    #expect(generator.next() == 0xBEEB_8DA1_658E_EC67)
  }

  @Test func everyCombinationOfKeysGivesAnotherStream() {
    var first: Set<UInt64> = []
    for keys in [(0, 0), (0, 1), (1, 0), (1, 1)] as [(UInt64, UInt64)] {
      var generator = SplitMix64(keys: keys.0, keys.1)
      first.insert(generator.next())
    }
    #expect(first.count == 4)
  }

  /// The counts are within five standard deviations of 1000.
  @Test func numbersAreUniform() {
    var generator = SplitMix64(seed: 1)
    var counts = [Int](repeating: 0, count: 12)
    for _ in 0..<12_000 { counts[generator.number(in: -5...6) + 5] += 1 }
    #expect(counts.allSatisfy { (850...1150).contains($0) })
  }
}
