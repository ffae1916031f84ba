import ArgumentParser

/// The meaning of an option whose argument is a keyword or a value.
protocol KeywordOrValue: Sendable {
  static var keywords: [String: Self] { get }
  /// Nil if the text is not a value.
  init?(value: String)
}

/// An argument that is a keyword or a value, such as `auto` or `D minor`.
struct KeywordArgument<Meaning: KeywordOrValue>: ExpressibleByArgument, Sendable {
  let meaning: Meaning
  let defaultValueDescription: String

  init?(argument: String) {
    guard let meaning = Meaning.keywords[argument] ?? Meaning(value: argument) else { return nil }
    (self.meaning, defaultValueDescription) = (meaning, argument)
  }

  /// The default of an option, as it would be typed.
  ///
  /// - Precondition: It is a keyword or a value.
  static func standard(_ argument: String) -> Self {
    guard let standard = Self(argument: argument) else { preconditionFailure("\(argument) is no \(Meaning.self)") }
    return standard
  }
}
