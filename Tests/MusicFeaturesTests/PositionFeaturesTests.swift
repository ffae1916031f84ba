import MusicFeatures
import MusicTokens
import Testing

struct PositionFeaturesTests {
  /// The features of the last token.
  private func features(_ tokens: [UInt16]) -> [Float] {
    var state = KeyboardState()
    for token in tokens.dropLast() { state.apply(token) }
    var before = [Float](repeating: 0, count: KeyPlanes.count)
    var (after, result) = (before, [Float](repeating: 0, count: PositionFeatures.count))
    KeyPlanes.write(state, to: &before)
    state.apply(tokens[tokens.count - 1])
    KeyPlanes.write(state, to: &after)
    PositionFeatures.write(tokens[tokens.count - 1], before: before, after: after, to: &result)
    return result
  }

  private func group(_ group: PositionFeatures.Group, of tokens: [UInt16]) -> [Float] {
    let all = PositionFeatures.Group.allCases
    let start = all.prefix { $0 != group }.reduce(0) { $0 + $1.count }
    return Array(features(tokens)[start..<start + group.count])
  }

  @Test func harmonyIsOfSoundingKeys() {
    // C and E start; a second later C ends and G starts, so that E and G sound.
    let harmony = group(.harmony, of: [768, 60, 64, 255 + 64, 188, 67])
    #expect(harmony[0..<12].enumerated().filter { $0.element > 0 }.map(\.offset) == [4, 7])
    // The only interval is a minor third.
    #expect(Array(harmony[24..<30]) == [0, 0, 1 / 12, 0, 0, 0])
    #expect(harmony[30] == PositionFeatures.dissonances[2])
    #expect(harmony[31] == 0.125)
    // Above the new G, E is 9 semitones (it sounds) and C is 5 (it has ended; its onset was as recent as that of E).
    #expect((0..<12).filter { harmony[32 + $0] > 0 } == [9])
    #expect((0..<12).filter { harmony[44 + $0] > 0 } == [5, 9])
  }

  @Test func rhythmDescribesLengthsAndHeldNotes() {
    let shift = group(.rhythm, of: [768, 60, 255 + 512])
    #expect(shift[0..<4] == [0, 0, 1, 0] && abs(shift[4] - 1) < 1e-6)
    #expect(shift[9] > 0.6 && shift[9] == shift[10])
    let ended = group(.rhythm, of: [768, 60, 255 + 512, 188])
    #expect(ended[1] == 1 && ended[7] == shift[9] && ended[8] == 0 && ended[9] == 0)
    #expect(group(.rhythm, of: [768, 188])[8] == 1)
    // A chord: the key is struck at the same time as another.
    #expect(group(.rhythm, of: [768, 60, 64])[6] == 1)
    #expect(group(.rhythm, of: [768, 60, 300, 64])[6] < 1)
  }

  @Test func melodyIsTheTopLine() {
    let up = group(.melody, of: [768, 60, 255 + 10, 72])
    let inner = group(.melody, of: [768, 60, 72, 255 + 10, 64])
    #expect(up[4] > 0 && up[3] > 0 && inner[4] == 0 && inner[3] < 0)
    // The octave below was struck 10 ticks ago.
    #expect(up[6] > 0 && up[7...].allSatisfy { $0 == 0 })
  }

  @Test func dynamicsDescribeTheChange() {
    #expect(group(.dynamics, of: [768, 60, 770]) == [0.5, Float(1) / 6, 0.5 - Float(1) / 6, 0.5 - Float(1) / 6])
  }

  /// The features of an excerpt depend only on its context, not on earlier music or its position in a piece.
  @Test func excerptsDependOnlyOnTheirContext() {
    let tokens: [UInt16] = [768, 60, 300, 188, 771, 62, 300, 190, 64, 300, 192]
    let stretch = TokenWindow(of: tokens, from: 7, count: 3, context: 2)
    #expect(stretch.tokens == [190, 64, 300])
    #expect(stretch.start.isSounding(62) && stretch.start.level == nil)
    #expect(stretch.start.ticksSinceOnset(of: 60) == nil)
    #expect(TokenWindow(of: tokens, from: 7, count: 30, context: 99).tokens.count == 4)
  }

  @Test func transpositionStaysOnThePiano() {
    let window = TokenWindow(of: [768, 60, 300, 107, 300, 188] as [UInt16], from: 2, count: 4, context: 2)
    #expect(window.transposed(by: -3).tokens == [300, 104, 300, 185])
    #expect(window.transposed(by: -3).start.isSounding(57))
    #expect(window.transposed(by: 6).tokens == [300, 108, 300, 189])
  }
}
