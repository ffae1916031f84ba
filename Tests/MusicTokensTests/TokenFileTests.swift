import MusicCore
import MusicTokens
import TestSupport
import Testing

@Suite struct TokenFileTests {
  private static let all = (0..<774).compactMap { Token(rawValue: $0) }

  @Test(arguments: TokenFile.Format.allCases)
  func everyTokenSurvivesEveryFormat(format: TokenFile.Format) throws {
    for tokens in [Self.all, [], [.timeShift(512)]] {
      let file = TokenFile(tokens: tokens)
      #expect(try TokenFile(bytes: file.bytes(format: format)).tokens == tokens)
    }
  }

  @Test func idsAndNamesAreReadAsWritten() throws {
    let tokens = [
      Token.velocityChange(.mf), .noteOn(Pitch(masking: 60)), .timeShift(32), .noteOff(Pitch(masking: 60)),
    ]
    let file = TokenFile(tokens: tokens)
    #expect(String(decoding: file.bytes(format: .ids), as: UTF8.self) == "771 60 287 188\n")
    #expect(
      String(decoding: file.bytes(format: .names), as: UTF8.self)
        == "VELOCITY_CHANGE mf\nNOTE_ON 60\nTIME_SHIFT 32\nNOTE_OFF 60\n")
    let text = "# a comment 9999\r\n771\t60 # C\n  TIME_SHIFT 32 188"
    #expect(try TokenFile(bytes: Array(text.utf8)).tokens == tokens)
  }

  /// The layout that numpy.load expects (NEP 1).
  @Test func npyIsVersion1WithAnAlignedHeader() {
    let bytes = TokenFile(tokens: [.timeShift(512), .noteOn(Pitch(masking: 1))]).bytes(format: .npy)
    #expect(Array(bytes.prefix(8)) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0])
    let length = Int(bytes[8]) | Int(bytes[9]) << 8
    #expect((10 + length) % 64 == 0 && bytes[9 + length] == 0x0A)
    let header = String(decoding: bytes[10..<10 + length], as: UTF8.self)
    #expect(header.hasPrefix("{'descr': '<u2', 'fortran_order': False, 'shape': (2,), }"))
    #expect(Array(bytes[(10 + length)...]) == [0xFF, 0x02, 0x01, 0x00])
  }

  @Test(arguments: [("<i8", 8), ("<u4", 4), ("|u1", 1), ("<i2", 2)])
  func otherNumPyNumbersAreRead(type: String, size: Int) throws {
    let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (2,), }\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
    for value in [60, 100] as [UInt8] { bytes += [value] + [UInt8](repeating: 0, count: size - 1) }
    #expect(try TokenFile(bytes: bytes).tokens.map(\.rawValue) == [60, 100])
    #expect(throws: TokenFileError.self) { try TokenFile(bytes: Array(bytes.dropLast())) }
  }

  @Test func invalidTokensAreReportedWithTheirPosition() {
    func error(_ text: String) -> TokenFileError? {
      do throws(TokenFileError) { _ = try TokenFile(bytes: Array(text.utf8)) } catch { return error }
      return nil
    }
    #expect(error("60 774 1") == .noToken("774", index: 1))
    #expect(error("-1") == .noToken("-1", index: 0))
    #expect(error("60 65536") == .noToken("65536", index: 1))
    #expect(error("99999999999999999999") != nil)
    #expect(error("60 NOTE_ON 128") == .noToken("\"NOTE_ON 128\"", index: 1))
    #expect(error("60 NOTE_ON") == .noToken("\"NOTE_ON\"", index: 1))
    #expect(error("TIME_SHIFT 0") == .noToken("\"TIME_SHIFT 0\"", index: 0))
    #expect(error("hello world") == .unrecognized("it begins with \"hello\""))
    #expect(
      error(#"{"format":"aurl-tokens","version":1,"ticksPerSecond":64,"tokens":[1,800]}"#) == .noToken("800", index: 1))
    #expect(error(#"{"format":"other","version":1,"ticksPerSecond":64,"tokens":[]}"#) != nil)
    #expect(error(#"{"format":"aurl-tokens","version":1,"ticksPerSecond":100,"tokens":[]}"#) != nil)
    #expect(error("{") != nil)
  }

  @Test func jsonKeepsTheDescriptionOfTheSource() throws {
    let map = TempoMap(
      division: .metrical(ticksPerQuarter: 10), changes: [TempoChange(tick: 20, microsecondsPerQuarter: 1_000_000)])
    let score = Score(
      tempoMap: map, timeSignatures: [TimeSignature(tick: 0, numerator: 6, denominator: 8)],
      keySignatures: [KeySignature(tick: 30, sharps: -3, isMinor: true)])
    let file = TokenFile(tokens: [.timeShift(1)], metadata: .init(source: "a \"b\".mid", score: score))
    let copy = try TokenFile(bytes: file.bytes(format: .json))
    #expect(copy == file)
    #expect(copy.metadata?.tempoChanges == [.init(seconds: 1, value: 60)])
    #expect(copy.metadata?.keySignatures == [.init(seconds: 2, value: "C minor")])
  }

  /// No input crashes the reader.
  @Test func mutatedFilesAreReadOrRefused() {
    var generator = SeededGenerator(seed: 11)
    let originals = TokenFile.Format.allCases.map { TokenFile(tokens: Self.all).bytes(format: $0) }
    for round in 0..<4000 {
      var bytes = originals[round % originals.count]
      for _ in 0..<Int.random(in: 1...8, using: &generator) {
        let place = Int.random(in: 0..<min(bytes.count, generator.oneIn(2) ? 100 : bytes.count), using: &generator)
        bytes[place] = UInt8.random(in: 0...255, using: &generator)
      }
      if generator.oneIn(4) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator)) }
      _ = try? TokenFile(bytes: bytes)
    }
  }
}
