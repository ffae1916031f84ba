import Generation
import MusicCore
import MusicTokens
import TestSupport
import Testing

/// Takes in sections, some of which return.
@Suite struct FormTests {
  private func settings(_ letters: String, seed: UInt64 = 1, seconds: Int = 600) throws -> GenerationSettings {
    let form = try #require(Form(letters))
    var settings = GenerationSettings(seed: seed)
    (settings.length, settings.mayEnd) = (TokenTime(Seconds(Double(seconds))), false)
    settings.form = form
    return settings
  }

  /// The notes that start in a range of ticks, with onsets relative to its start.
  private func notes(_ tokens: [Token], _ range: Range<Int>) -> [[Int]] {
    var (time, level) = (0, 0)
    var notes: [[Int]] = []
    for token in tokens {
      switch token.meaning {
      case .timeShift(let ticks): time += ticks
      case .velocityChange(let new): level = Int(new.rawValue)
      case .noteOn(let pitch) where range.contains(time):
        notes.append([time - range.lowerBound, Int(pitch.rawValue), level])
      default: break
      }
    }
    return notes
  }

  @Test func formsAreParsedFromLetters() {
    #expect(Form("aaba")?.description == "AABA" && Form("AB")?.letters == ["A", "B"])
    for text in ["", "A", "AB1", "A B", "ÄB", String(repeating: "A", count: 33)] {
      #expect(Form(text) == nil, "\(text)")
    }
  }

  /// Without a pulse, sections are equally long and three quarters of a section return note by note.
  @Test(arguments: 1...4 as ClosedRange<UInt64>) func aSectionComesBack(seed: UInt64) throws {
    let model = try tinyModel()
    let tokens = try take(model, settings("ABA", seed: seed))
    #expect(tokens.ticks == 64 * 600)
    let decoded = try TokenDecoder(isStrict: true).decode(tokens)
    #expect(try TokenEncoder().encode(decoded.score) == tokens)
    let starts = [0, 12800, 25600]
    let restated = starts.map { notes(tokens, $0..<$0 + 9600) }
    #expect(restated[0].count > 10 && restated[0] != restated[1])
    // The model may add notes of its own before three quarters are over.
    #expect(restated[2].starts(with: restated[0]))
    let ends = starts.map { notes(tokens, $0 + 9600..<$0 + 12800) }
    #expect(ends[0] != ends[2])
    // No note sounds across a boundary.
    for start in starts.dropFirst() {
      var grammar = Grammar()
      for token in tokens {
        if case .noteOn = token.meaning, grammar.time == start { break }
        if grammar.time == start, token.isTimeShift || token.isVelocityChange { break }
        grammar.apply(token)
      }
      #expect(grammar.time == start && grammar.own.isEmpty)
    }
  }

  /// Where the music has a pulse, a section lasts a whole number of bars.
  @Test func sectionsEndOnThePulse() throws {
    let form = try #require(Form("ABA"))
    for (length, end) in [(1930, 640), (1830, 640), (1780, 560)] {
      var grammar = Grammar()
      var sections = Sections(form, from: 0, length: length)
      sections.begin(&grammar)
      #expect(grammar.end == length / 3)
      let beat = [60, 265, 188].compactMap(Token.init(rawValue:))
      for token in [770].compactMap(Token.init(rawValue:)) + (0..<52).flatMap({ _ in beat }) {
        grammar.apply(token)
        sections.append(token, &grammar)
      }
      #expect(grammar.end == end)
    }
  }

  /// Notes of the prompt that sound when the first section begins are not ended again when that section returns.
  @Test func aFormFollowsAPrompt() throws {
    let model = try tinyModel()
    let prompt = try #require(try Prompt(Array(piece(3, notes: 40).prefix(61))))
    var settings = try settings("AAB", seed: 5)
    settings.prompt = prompt
    let tokens = try take(model, settings)
    #expect(tokens.ticks == 64 * 600)
    _ = try TokenDecoder(isStrict: true).decode(prompt.tokens + tokens)
  }
}
