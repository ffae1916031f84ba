import Foundation
import MusicTokens
import TestSupport
import Testing

@Suite struct VocabularyTests {
  @Test func everyTokenIsListedWithItsName() throws {
    let result = try CommandLineProgram.aurl("tokens", "vocabulary")
    let lines = result.text.split(separator: "\n").map(String.init)
    #expect(lines == (0..<Token.count).map { "\($0)\t\(Token(rawValue: $0)?.description ?? "")" })
  }

  @Test func theJSONSaysWhatTokensMean() throws {
    let result = try CommandLineProgram.aurl("tokens", "vocabulary", "--json")
    let object = try #require(JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    let tokens = try #require(object["tokens"] as? [[String: Any]])
    #expect(object["schema"] as? String == "aurl-vocabulary/1" && tokens.count == 774)
    #expect(tokens[188]["kind"] as? String == "noteOff" && tokens[188]["pitch"] as? Int == 60)
    #expect(tokens[767]["kind"] as? String == "timeShift" && tokens[767]["ticks"] as? Int == 512)
    #expect(tokens[768]["level"] as? String == "pp" && tokens[768]["velocity"] as? Int == 33)
  }
}
