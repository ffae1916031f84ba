internal import Text

/// Reads the metadata common to the files of models and critics.
struct MetadataReader {
  let text: [String: String]
  /// The kind of file for messages: a model, a critic.
  let kind: String

  /// Checks that the file is of its kind, in this version of the format, and for this program's tokens.
  init(_ text: [String: String], _ kind: String, format: String, version: String) throws(Flaw) {
    (self.text, self.kind) = (text, kind)
    guard text["format"] == format else { throw Flaw("is not a \(kind) of Aurl, according to its metadata") }
    let found = try value("version")
    guard found == version else {
      throw Flaw("the \(kind) is of version \(quoted(found)) of the format; this program reads \(version)")
    }
    let vocabulary = try value("vocabulary")
    guard vocabulary == Configuration.Vocabulary.hash else {
      throw Flaw(
        "the \(kind) was made for other tokens (\(quoted(vocabulary)), this program has \(Configuration.Vocabulary.hash))"
      )
    }
  }

  func value(_ key: String) throws(Flaw) -> String {
    guard let value = text[key] else { throw Flaw("the metadata have no \(quoted(key))") }
    return value
  }

  /// Optimizer steps.
  func step() throws(Flaw) -> Int {
    let step = try value("step")
    guard let number = Int(step), number >= 0 else { throw Flaw("the step is \(quoted(step)), not a whole number") }
    return number
  }
}
