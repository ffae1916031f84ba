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
  var settings: TakeSettings

  /// What the user reads of a take.
  var summary: String {
    let name = output ?? sound ?? "take"
    return "\(name): \(notes) notes in \(decimal(seconds, 1)) s, seed \(seed)"
  }
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
  var key: String?
  var range: String?
  var maxPolyphony: Int?
  var longestNote: Double
  var prompt: String?
  var promptSeconds: Double?
  var like: String?
  var between: [String]?
  var steps: Int?
  /// Which of the steps, from 1.
  var step: Int?
  var vary: String?
  var level: String?

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
    add("--key", key)
    add("--range", range)
    add("--max-polyphony", maxPolyphony)
    add("--longest-note", longestNote)
    add("--prompt", prompt)
    add("--prompt-seconds", promptSeconds)
    add("--like", like)
    if let between { words += ["--between"] + between }
    add("--steps", steps)
    add("--vary", vary)
    add("--level", level)
    return words.map(Self.quoted).joined(separator: " ")
  }

  /// A word as a shell takes it.
  private static func quoted(_ word: String) -> String {
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
