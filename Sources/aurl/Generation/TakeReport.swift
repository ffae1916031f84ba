import Files
import Text

/// What came of a take, as `generate --json` prints it.
struct TakeReport: Encodable, Sendable {
  var schema = "aurl-generate/1"
  /// The file, absent where only sound was asked for.
  var output: String?
  var sound: String?
  var seed: UInt64
  /// Of the new music.
  var seconds: Double
  /// Of the prompt before it.
  var promptSeconds: Double?
  var tokens: Int
  var notes: Int
  var tokensPerSecond: Double
  /// What ended the take: the `time` or the `model`.
  var ending: String
  var model: ModelIdentity
  /// Who chose among candidates, and what of; absent where there was one of each phrase.
  var choice: ChoiceReport?
  var settings: TakeSettings

  /// What the user reads of a take.
  var summary: String {
    let name = output ?? sound ?? "take"
    return "\(name): \(notes) notes in \(decimal(seconds, 1)) s, seed \(seed)"
  }
}

/// What the critic made of the phrases of a take.
struct ChoiceReport: Encodable, Sendable {
  /// The critic's file.
  var critic: String
  var candidates: Int
  /// Phrases that were chosen.
  var phrases: Int
  /// How probable it is to the critic that a phrase is real music, in the mean of those that were chosen, 0…1.
  var realism: Double?
  /// The same of all candidates.
  var realismOfCandidates: Double?
}

/// Which model made a take.
struct ModelIdentity: Encodable, Sendable {
  var file: String
  var step: Int
  var sha256: String?
}

/// All that a take follows from beside its seed.
struct TakeSettings: Encodable, Sendable {
  /// As it was named; absent where it was found.
  var model: String?
  var seconds: Double?
  var temperature: Float
  var topP: Float
  var topK: Int?
  var minP: Float
  var tonality: Float
  var repetitionPenalty: Float
  var recurrence: Float
  var key: String?
  var range: String?
  var maxPolyphony: Int?
  var longestNote: Double
  var prompt: String?
  var promptSeconds: Double?
  var onlyNew: Bool?
  var like: String?
  var between: [String]?
  var steps: Int?
  /// Which of the steps, from 1.
  var step: Int?
  var vary: String?
  var level: String?
  var candidates: Int?
  /// As it was named.
  var critic: String?

  /// The command that makes the take again.
  func command(seed: UInt64) -> String {
    var words = ["aurl", "generate"]
    func add(_ option: String, _ value: (some CustomStringConvertible)?) {
      if let value { words += [option, value.description] }
    }
    add("--model", model)
    add("--seed", seed)
    add("--seconds", seconds)
    add("--temperature", temperature)
    add("--top-p", topP)
    add("--top-k", topK)
    add("--min-p", minP)
    add("--tonality", tonality)
    add("--repetition-penalty", repetitionPenalty)
    add("--recurrence", recurrence)
    add("--key", key)
    add("--range", range)
    add("--max-polyphony", maxPolyphony)
    add("--longest-note", longestNote)
    add("--prompt", prompt)
    add("--prompt-seconds", promptSeconds)
    if onlyNew == true { words.append("--only-new") }
    add("--like", like)
    if let between { words += ["--between"] + between }
    add("--steps", steps)
    add("--vary", vary)
    add("--level", level)
    add("--candidates", candidates)
    add("--critic", critic)
    return words.map(Self.quoted).joined(separator: " ")
  }

  private static func escaped(_ byte: UInt8) -> String {
    let isPlain = (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "'") && byte != UInt8(ascii: "\\")
    let digits = String(byte, radix: 16)
    return isPlain ? String(UnicodeScalar(byte)) : "\\x\(digits.count < 2 ? "0" : "")\(digits)"
  }

  /// A word as a shell takes it.
  private static func quoted(_ word: String) -> String {
    let bytes = word.pathBytes
    guard bytes.elementsEqual(word.utf8) else {
      // Bytes that are not UTF-8, as bash, zsh and ksh take them.
      return "$'" + bytes.map(Self.escaped).joined() + "'"
    }
    let plain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "-_./,:=+@%".utf8.contains(byte)
      }
    }
    return plain && !word.isEmpty
      ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
