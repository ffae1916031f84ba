import ModelFormat
import MusicCore
import MusicTokens
import Text

/// All tokens with what they mean, for people and for other programs.
enum VocabularyTable {
  private static let tokens = (0..<Token.count).compactMap(Token.init(rawValue:))

  /// A line for each token: its id, a tab, and its name.
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

  /// The ids that a model adds; no file of tokens has them.
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
    /// What the level is played with.
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
