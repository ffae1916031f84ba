public import MusicCore

/// Tokens and their metadata in a file or pipe.
public struct TokenFile: Hashable, Sendable {
  /// The tokens.
  public var tokens: [Token]
  /// The metadata of the source; only the `json` format stores it.
  public var metadata: Metadata?

  /// The four formats of token files.
  public enum Format: String, CaseIterable, Sendable {
    /// Numbers separated by white space; `#` starts a comment.
    case ids
    /// One token per line, by name.
    case names
    case json
    /// NumPy's array format 1.0: little-endian uint16, one dimension.
    case npy
  }

  /// Metadata of the source, for information.
  public struct Metadata: Hashable, Sendable {
    /// The name of the source file.
    public var source: String?
    /// The tempos in beats per minute.
    public var tempoChanges: [Timed<Double>] = []
    /// The meters, such as `6/8`.
    public var timeSignatures: [Timed<String>] = []
    /// The keys, such as `E♭ major`.
    public var keySignatures: [Timed<String>] = []

    /// A value that applies from a time on.
    public struct Timed<Value: Hashable & Sendable>: Hashable, Sendable {
      /// The time in seconds.
      public var seconds: Double
      /// The value from then on.
      public var value: Value

      /// Creates a value that begins at a time.
      public init(seconds: Double, value: Value) {
        self.seconds = seconds
        self.value = value
      }
    }

    /// Describes the score that the tokens were encoded from.
    public init(source: String?, score: Score) {
      self.source = source
      let map = score.tempoMap
      tempoChanges = map.changes.map { Timed(seconds: map.seconds(at: $0.tick).rawValue, value: $0.beatsPerMinute) }
      timeSignatures = score.timeSignatures.map {
        Timed(seconds: map.seconds(at: $0.tick).rawValue, value: $0.description)
      }
      keySignatures = score.keySignatures.map {
        Timed(seconds: map.seconds(at: $0.tick).rawValue, value: $0.description)
      }
    }

    init() {}
  }

  /// Creates the content of a token file.
  public init(tokens: [Token], metadata: Metadata? = nil) {
    self.tokens = tokens
    self.metadata = metadata
  }

  /// The file's bytes in a format.
  public func bytes(format: Format) -> [UInt8] {
    switch format {
    case .ids: TokenText.ids(tokens)
    case .names: TokenText.names(tokens)
    case .json: TokenJSON.bytes(of: self)
    case .npy: NumPyArray.bytes(of: tokens.map(\.rawValue))
    }
  }

  /// Reads tokens in any of the formats, recognized by content.
  ///
  /// - Throws: `TokenFileError` if the content is in none of them or a number is not a token.
  public init(bytes: [UInt8]) throws(TokenFileError) {
    if NumPyArray.isRecognized(bytes) {
      self.init(tokens: try Self.tokens(try NumPyArray.values(of: bytes)))
      return
    }
    switch bytes.first(where: { !TokenText.isSpace($0) }) {
    case UInt8(ascii: "{"): self = try TokenJSON.file(of: bytes)
    default: self.init(tokens: try TokenText.tokens(of: bytes))
    }
  }

  static func tokens(_ values: [Int]) throws(TokenFileError) -> [Token] {
    var tokens: [Token] = []
    tokens.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      guard let raw = UInt16(exactly: value), let token = Token(rawValue: raw) else {
        throw .noToken("\(value)", index: index)
      }
      tokens.append(token)
    }
    return tokens
  }
}

/// Errors of reading token files.
public enum TokenFileError: Error, Hashable, Sendable {
  /// A number or name that is not a token, and its position among the tokens.
  case noToken(String, index: Int)
  /// The file is in none of the four formats; the reason says how far it got.
  case unrecognized(String)
}

extension TokenFileError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noToken(let value, let index):
      "token \(index) is \(value), which is not one of the ids 0…773 or their names"
    case .unrecognized(let reason): "not a token file: \(reason)"
    }
  }
}
