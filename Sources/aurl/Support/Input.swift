import Files
import MIDIFiles
import MusicCore
import MusicTokens
import MusicXML
import Terminal

/// A music file given to a command.
enum Input {
  case midi(MIDIFile)
  case tokens(TokenFile)

  /// The name of an input in messages and results.
  static func name(of path: String) -> String { path == "-" ? "standard input" : path }

  /// The bytes of a file, or of standard input for `-`.
  static func bytes(of path: String) throws(Failure) -> [UInt8] {
    do throws(FileError) {
      return try path == "-" ? readStandardInput() : readBytes(ofFile: path)
    } catch { throw Failure(error) }
  }

  /// Reads a MIDI file, or a MusicXML file as one.
  static func midi(_ path: String, options: MIDIFile.Options = .init()) throws(Failure) -> MIDIFile {
    let bytes = try bytes(of: path)
    if let score = try notatedScore(bytes, path: path) { return MIDIFile(score) }
    do throws(MIDIFileError) { return try MIDIFile(bytes: bytes, options: options) } catch {
      throw Failure(error, path: path)
    }
  }

  /// The score of a MusicXML file; nil for other files.
  private static func notatedScore(_ bytes: [UInt8], path: String) throws(Failure) -> Score? {
    guard MusicXML.isScore(bytes) else { return nil }
    do throws(MusicXMLError) { return try MusicXML.score(of: bytes) } catch {
      throw Failure(.malformedInput, name(of: path), error.description)
    }
  }

  /// Reads a token file.
  static func tokens(_ path: String) throws(Failure) -> TokenFile {
    let bytes = try bytes(of: path)
    do throws(TokenFileError) { return try TokenFile(bytes: bytes) } catch {
      let isMIDI = (try? MIDIFile(bytes: bytes)) != nil
      if isMIDI {
        throw Failure(
          .malformedInput, name(of: path), "this is a MIDI file, not tokens; \"aurl encode\" converts it")
      }
      throw neither(bytes, path: path) ?? Failure(.malformedInput, name(of: path), error.description)
    }
  }

  /// Reads MIDI, MusicXML or tokens, recognized by their content.
  init(path: String, options: MIDIFile.Options = .init()) throws(Failure) {
    try self.init(bytes: Self.bytes(of: path), path: path, options: options)
  }

  /// The same with the bytes of the file.
  init(bytes: [UInt8], path: String, options: MIDIFile.Options = .init()) throws(Failure) {
    if let score = try Self.notatedScore(bytes, path: path) {
      self = .midi(MIDIFile(score))
      return
    }
    do throws(MIDIFileError) {
      self = .midi(try MIDIFile(bytes: bytes, options: options))
      return
    } catch {
      guard Self.mayBeTokens(bytes, error) else {
        throw Self.neither(bytes, path: path) ?? Failure(error, path: path)
      }
    }
    do throws(TokenFileError) { self = .tokens(try TokenFile(bytes: bytes)) } catch {
      throw Self.neither(bytes, path: path) ?? Failure(.malformedInput, Self.name(of: path), error.description)
    }
  }

  /// Reads the music of a MIDI or token file, and reports repairs to the user.
  static func score(_ path: String, isQuiet: Bool = false) throws(Failure) -> Score {
    try Input(path: path).score(path: path, isQuiet: isQuiet)
  }

  /// The music; repairs are reported to the user.
  func score(path: String, isQuiet: Bool) throws(Failure) -> Score {
    switch self {
    case .midi(let file):
      if !isQuiet { Message.repairs(file.repairs, of: path) }
      return file.score
    case .tokens(let file):
      let decoded = try TokenDecoder().decode(file, path: path)
      if !isQuiet { Message.repairs(decoded.repairs, of: path) }
      return decoded.score
    }
  }

  /// The failure of a file of a known kind that is neither MIDI nor tokens; nil for other files.
  private static func neither(_ bytes: [UInt8], path: String) -> Failure? {
    guard let kind = MIDIFile.foreignKind(of: bytes) else { return nil }
    return Failure(.malformedInput, name(of: path), "neither a MIDI nor a token file: \(kind)")
  }

  private static func mayBeTokens(_ bytes: [UInt8], _ error: MIDIFileError) -> Bool {
    switch error {
    case .notMIDI: bytes.starts(with: [0x93]) || bytes.prefix(512).allSatisfy { $0 >= 0x09 && $0 < 0x7F }
    default: false
    }
  }
}

extension Failure {
  init(_ error: MIDIFileError, path: String) {
    let name = Input.name(of: path)
    switch error {
    case .unreadable(let error): self.init(error)
    case .noSequence: self.init(.usage, name, error.description)
    default: self.init(.malformedInput, name, error.description)
    }
  }

  init(_ error: TokenEncodingError, path: String) {
    self.init(.malformedInput, Input.name(of: path), error.description)
  }
}

extension TokenDecoder {
  /// Decodes a token file given to a command.
  func decode(_ file: TokenFile, path: String) throws(Failure) -> Decoded {
    do throws(TokenRepair) { return try decode(file.tokens) } catch {
      throw Failure(.malformedInput, Input.name(of: path), error.description)
    }
  }
}
