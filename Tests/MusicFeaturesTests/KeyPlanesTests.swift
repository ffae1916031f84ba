import Foundation
import MusicFeatures
import TestSupport
import Testing

@Suite struct KeyPlanesTests {
  private func planes(_ state: KeyboardState) -> [Float] {
    [Float](unsafeUninitializedCapacity: KeyPlanes.count) { values, count in
      // Every value must be overwritten.
      values.initialize(repeating: .nan)
      count = KeyPlanes.count
      if let base = values.baseAddress { KeyPlanes.write(state, to: base) }
    }
  }

  private func planes(_ tokens: [UInt16]) -> [Float] {
    var state = KeyboardState()
    for token in tokens { state.apply(token) }
    return planes(state)
  }

  @Test func nothingIsZero() {
    #expect(KeyPlanes.count == 390)
    #expect(planes([]) == [Float](repeating: 0, count: 390))
  }

  /// The place of each value, for a key that sounds and for one that has ended.
  @Test(
    arguments: [
      (1, 0.923_077_97), (2, 0.878_081_46), (64, 0.536_747_21), (512, 0.307_485_15), (8191, 0.000_013_55), (8192, 0),
      (100_000, 0),
    ] as [(Int, Float)]) func layout(ticks: Int, recency: Float)
  {
    var tokens: [UInt16] = [768 + 4, 60, 127]
    var left = ticks
    while left > 0 {
      tokens.append(UInt16(255 + min(512, left)))
      left -= min(512, left)
    }
    let found = planes(tokens + [128 + 60])
    var expected = [Float](repeating: 0, count: 390)
    (expected[127], expected[128 + 127]) = (1, recency)
    (expected[256 + 60], expected[256 + 127]) = (recency, recency)
    expected[384 + 4] = 1
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func anOnsetIsOne() {
    let found = planes([768, 0])
    #expect(found.indices.filter { found[$0] != 0 } == [0, 128, 256, 384])
    #expect(found.allSatisfy { $0 == 0 || $0 == 1 })
  }

  /// Recency decreases monotonically with time, without jumps.
  @Test func recencyFalls() {
    var state = KeyboardState()
    state.apply(10)
    var last: Float = 1
    for tick in 1...8200 {
      state.apply(256)
      let value = planes(state)[256 + 10]
      #expect(value < last || value == 0)
      #expect(abs(Double(value) - max(0, 1 - log(1 + Double(tick)) / log(8193))) < 1e-6)
      last = value
    }
  }

  /// Transposing the music shifts the planes.
  @Test(arguments: [-12, -1, 7]) func transpositionMovesPlanes(semitones: Int) {
    var generator = SeededGenerator(seed: 4)
    let tokens = (0..<300).map { _ in
      let kind = [24..<100, 152..<228, 256..<400, 768..<774].randomElement(using: &generator) ?? 0..<1
      return UInt16(Int.random(in: kind, using: &generator))
    }
    let plain = planes(tokens)
    let moved = planes(tokens.map { $0 < 256 ? UInt16(Int($0) + semitones) : $0 })
    var state = KeyboardState()
    for token in tokens { state.apply(token) }
    #expect(moved == planes(state.changed(semitones: semitones, levels: 0) { $0 }))
    for plane in [0, 128, 256] {
      for pitch in 24..<100 { #expect(moved[plane + pitch + semitones] == plain[plane + pitch]) }
    }
    #expect(moved[384...] == plain[384...])
  }
}
