internal import FoundationEssentials
internal import MusicCore
internal import Text

/// The JSON format of tokens: `{"format":"aurl-tokens","version":1,…}`.
enum TokenJSON {
  private struct Document: Codable {
    var format: String
    var version: Int
    var source: String?
    var ticksPerSecond: Int
    var tempoChanges: [Tempo]?
    var timeSignatures: [Meter]?
    var keySignatures: [Key]?
    var tokens: [Int]

    struct Tempo: Codable {
      var seconds: Double
      var beatsPerMinute: Double
    }

    struct Meter: Codable {
      var seconds: Double
      var meter: String
    }

    struct Key: Codable {
      var seconds: Double
      var key: String
    }
  }

  static func bytes(of file: TokenFile) -> [UInt8] {
    let metadata = file.metadata
    let document = Document(
      format: "aurl-tokens", version: 1, source: metadata?.source, ticksPerSecond: TokenTime.ticksPerSecond,
      tempoChanges: metadata?.tempoChanges.map { .init(seconds: $0.seconds, beatsPerMinute: $0.value) },
      timeSignatures: metadata?.timeSignatures.map { .init(seconds: $0.seconds, meter: $0.value) },
      keySignatures: metadata?.keySignatures.map { .init(seconds: $0.seconds, key: $0.value) },
      tokens: file.tokens.map { Int($0.rawValue) })
    // Numbers and strings always encode.
    return ((try? JSONText.bytes(of: document)) ?? []) + [0x0A]
  }

  static func file(of bytes: [UInt8]) throws(TokenFileError) -> TokenFile {
    let document: Document
    do { document = try JSONDecoder().decode(Document.self, from: Data(bytes)) } catch {
      throw .unrecognized("the JSON is not that of a token file (\(Self.reason(error)))")
    }
    guard document.format == "aurl-tokens", document.version == 1 else {
      throw .unrecognized("the JSON is of format \"\(document.format)\" version \(document.version)")
    }
    guard document.ticksPerSecond == TokenTime.ticksPerSecond else {
      throw .unrecognized("the JSON has \(document.ticksPerSecond) ticks per second, not \(TokenTime.ticksPerSecond)")
    }
    var metadata = TokenFile.Metadata()
    metadata.source = document.source
    metadata.tempoChanges = document.tempoChanges?.map { .init(seconds: $0.seconds, value: $0.beatsPerMinute) } ?? []
    metadata.timeSignatures = document.timeSignatures?.map { .init(seconds: $0.seconds, value: $0.meter) } ?? []
    metadata.keySignatures = document.keySignatures?.map { .init(seconds: $0.seconds, value: $0.key) } ?? []
    return TokenFile(tokens: try TokenFile.tokens(document.tokens), metadata: metadata)
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _): "\"\(key.stringValue)\" is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" is of the wrong type"
    default: "it is malformed"
    }
  }
}
