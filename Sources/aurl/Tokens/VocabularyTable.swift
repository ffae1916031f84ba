import ModelFormat
import MusicCore
import MusicTokens
import Text

/// All tokens with their meanings, as text and JSON.
enum VocabularyTable {
  private static let tokens = (0..<Token.count).compactMap(Token.init(rawValue:))

  /// One line per token: its id, a tab, and its name.
  static func text() -> String {
    tokens.map { "\($0.rawValue)\t\($0)" }.joined(separator: "\n")
  }

  static func json() throws -> String { try JSONText.line(Document()) }

  private struct Document: Encodable {
    var schema = "aurl-vocabulary/1"
    var ticksPerSecond = TokenTime.ticksPerSecond
    var tokens = VocabularyTable.tokens.map(Entry.init)
    var model = ModelIds()
  }

  /// The special ids of models, which never occur in token files.
  private struct ModelIds: Encodable {
    var begin = Configuration.Vocabulary.bos
    var end = Configuration.Vocabulary.eos
    var padding = Configuration.Vocabulary.pad
  }

  private struct Entry: Encodable {
    var id: UInt16
    var name: String
    var kind: String
    var pitch: UInt8?
    var ticks: Int?
    var level: String?
    /// The velocity with which the level is played.
    var velocity: UInt8?

    init(_ token: Token) {
      id = token.rawValue
      name = token.description
      switch token.meaning {
      case .noteOn(let pitch): (kind, self.pitch) = ("noteOn", pitch.rawValue)
      case .noteOff(let pitch): (kind, self.pitch) = ("noteOff", pitch.rawValue)
      case .timeShift(let ticks): (kind, self.ticks) = ("timeShift", ticks)
      case .velocityChange(let level):
        (kind, self.level, velocity) = ("velocityChange", level.description, level.velocity.rawValue)
      }
    }
  }
}
