import Generation
import Glibc
import MusicCore
import MusicTokens
import TestSupport
import Testing

/// Takes that adapt to the statistics of a piece.
@Suite struct MarginalAdaptationTests {
  /// Short, loud chords of three notes in E flat major, with pitches between 60 and 71.
  private static let source = (0..<60).flatMap { index -> [UInt16] in
    let chord: [UInt16] = index % 2 == 0 ? [63, 67, 70] : [60, 65, 68]
    return [773].prefix(index == 0 ? 1 : 0) + chord + [263] + chord.map { $0 + 128 }
  }.compactMap(Token.init(rawValue:))

  private struct Statistics {
    var inKey = 0.0
    var inRange = 0.0
    var loud = 0.0
    var notesPerSecond = 0.0

    init(_ tokens: [Token]) {
      let key: Set = [3, 7, 10, 0, 5, 8]
      var (level, notes, ticks) = (0, 0.0, 0)
      for token in tokens {
        switch token.meaning {
        case .velocityChange(let new): level = Int(new.rawValue)
        case .timeShift(let shift): ticks += shift
        case .noteOn(let pitch):
          notes += 1
          if key.contains(Int(pitch.rawValue) % 12) { inKey += 1 }
          if (60..<72).contains(pitch.rawValue) { inRange += 1 }
          if level == 5 { loud += 1 }
        case .noteOff: break
        }
      }
      (inKey, inRange, loud) = (inKey / notes, inRange / notes, loud / notes)
      notesPerSecond = notes / Double(ticks) * 64
    }
  }

  /// Without adaptation a model of random weights plays all pitches at all levels, and mostly rests.
  @Test func aTakeFollowsAPiece() throws {
    let model = try tinyModel()
    func statistics(_ strength: Float?) throws -> Statistics {
      var settings = GenerationSettings(seed: 4)
      (settings.length, settings.mayEnd) = (TokenTime(Seconds(1200)), false)
      settings.adaptation = strength.map { MarginalAdaptation(of: Self.source, strength: $0) }
      let tokens = try take(model, settings)
      #expect(tokens.ticks == 64 * 1200)
      _ = try TokenDecoder(isStrict: true).decode(tokens)
      return Statistics(tokens)
    }
    let (free, close) = (try statistics(nil), try statistics(2))
    #expect(close.inKey > free.inKey + 0.08, "\(free), \(close)")
    #expect(close.inRange > 1.3 * free.inRange, "\(free), \(close)")
    #expect(close.loud > free.loud + 0.3, "\(free), \(close)")
    // The model plays 73 times fewer notes than the piece and cannot start a pitch that sounds, so that no bias can
    // reach the density of the piece.
    #expect(close.notesPerSecond > 1.5 * free.notesPerSecond, "\(free), \(close)")
    #expect(try statistics(0).inKey == free.inKey)
  }
}
