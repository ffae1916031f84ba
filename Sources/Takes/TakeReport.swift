internal import Files
internal import Text

/// The result of a take, as `aurl generate --json` prints it.
package struct TakeReport: Encodable, Sendable {
  package private(set) var schema = "aurl-generate/1"
  /// The music file; nil if only sound was written.
  package var output: String?
  package var sound: String?
  package var seed: UInt64
  /// The duration of the new music.
  package var seconds: Double
  /// The duration of the prompt before it.
  package var promptSeconds: Double?
  package var tokens: Int
  package var notes: Int
  package var tokensPerSecond: Double
  /// What ended the take: `time` or `model`.
  package var ending: String
  package var model: ModelIdentity
  /// The chords that the new music follows; nil without a chart.
  package var chords: [ChordReport]?
  /// The critic's selection among candidates; nil without a critic.
  package var choice: ChoiceReport?
  package var settings: TakeSettings

  /// One line about the take.
  package var summary: String {
    let name = output ?? sound ?? "take"
    return "\(name): \(notes.counted("note")) in \(decimal(seconds, 1)) s, seed \(seed)"
  }
}

/// A chord of the chart that a take follows.
package struct ChordReport: Encodable, Sendable {
  /// The time since the start of the new music.
  package var startSeconds: Double
  package var chord: String
  package var key: String
}

/// A critic's selection among the candidates of a take.
package struct ChoiceReport: Encodable, Sendable {
  /// The name of the critic's file.
  package var critic: String
  package var candidates: Int
  /// The number of phrases whose selected candidate was scored.
  package var phrases: Int
  /// The critic's mean probability that a selected phrase is real music, 0…1.
  package var realism: Double?
  /// The same for all candidates.
  package var realismOfCandidates: Double?
}

/// The model that generated a take.
package struct ModelIdentity: Encodable, Sendable {
  package var file: String
  package var step: Int
  package var sha256: String?

  package init(file: String, step: Int, sha256: String?) {
    self.file = file
    self.step = step
    self.sha256 = sha256
  }
}

/// All settings that determine a take, apart from its seed, as they were given on the command line.
package struct TakeSettings: Encodable, Sendable {
  /// The model as given; nil for the default.
  package var model: String?
  package var seconds: Double?
  package var temperature: Float
  package var topP: Float
  package var topK: Int?
  package var minP: Float
  package var tonality: Float
  package var repetitionPenalty: Float
  package var recurrence: Float
  package var steadiness: Float
  package var key: String?
  package var chords: String?
  package var chordsOf: String?
  package var tempo: Double?
  package var meter: String?
  package var range: String?
  package var maxPolyphony: Int?
  package var longestNote: Double
  package var prompt: String?
  package var promptSeconds: Double?
  package var onlyNew: Bool?
  package var like: String?
  package var likeness: Float?
  package var between: [String]?
  package var steps: Int?
  /// The number of the step, from 1.
  package var step: Int?
  package var vary: String?
  package var level: String?
  package var form: String?
  package var ending: String?
  package var candidates: Int?
  /// The critic as given; nil for the default.
  package var critic: String?

  package init(
    temperature: Float, topP: Float, minP: Float, tonality: Float, repetitionPenalty: Float, recurrence: Float,
    steadiness: Float, longestNote: Double
  ) {
    self.temperature = temperature
    self.topP = topP
    self.minP = minP
    self.tonality = tonality
    self.repetitionPenalty = repetitionPenalty
    self.recurrence = recurrence
    self.steadiness = steadiness
    self.longestNote = longestNote
  }

  /// The command that generates the take again.
  package func command(seed: UInt64) -> String {
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
    add("--steadiness", steadiness)
    add("--key", key)
    add("--chords", chords)
    add("--chords-of", chordsOf)
    add("--tempo", tempo)
    add("--meter", meter)
    add("--range", range)
    add("--max-polyphony", maxPolyphony)
    add("--longest-note", longestNote)
    add("--form", form)
    add("--ending", ending)
    add("--prompt", prompt)
    add("--prompt-seconds", promptSeconds)
    if onlyNew == true { words.append("--only-new") }
    add("--like", like)
    add("--likeness", likeness)
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

  /// A word quoted for a shell.
  private static func quoted(_ word: String) -> String {
    let bytes = word.pathBytes
    guard bytes.elementsEqual(word.utf8) else {
      // Bytes that are not UTF-8, in the notation of bash, zsh and ksh.
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
