public import ArgumentParser
import MIDIFiles
import MusicCore
public import MusicTokens
import Terminal

extension EncodingOptions.Pedal: ExpressibleByArgument {}

/// The options that select what is encoded of a MIDI file.
struct TokenOptions: ParsableArguments {
  @Option(name: .customLong("track"), help: "Only this track, counted from 1; may be repeated.")
  var tracks: [Int] = []

  @Option(name: .customLong("channel"), help: "Only this channel, 1…16; may be repeated.")
  var channels: [Int] = []

  @Flag(help: "Include drums: channel 10, and channels that GS, XG or GM2 messages make drum channels.")
  var drums = false

  @Option(help: "The effect of pedals on the length of notes.")
  var pedal = EncodingOptions.Pedal.extend

  @Option(help: "The piece of a format 2 file to read, counted from 1.")
  var sequence = 1

  @Flag(help: "Reject a damaged file instead of repairing it.")
  var strict = false

  func validate() throws {
    if let track = tracks.first(where: { $0 < 1 }) {
      throw ValidationError("--track \(track): tracks are counted from 1")
    }
    if let channel = channels.first(where: { !(1...16).contains($0) }) {
      throw ValidationError("--channel \(channel): channels are 1…16")
    }
    if sequence < 1 { throw ValidationError("--sequence \(sequence): sequences are counted from 1") }
  }

  var reading: MIDIFile.Options { MIDIFile.Options(isStrict: strict, sequence: sequence) }

  var encoding: EncodingOptions {
    EncodingOptions(
      pedal: pedal, includesDrums: drums, tracks: tracks.isEmpty ? nil : Set(tracks.map { $0 - 1 }),
      channels: channels.isEmpty ? nil : Set(channels.compactMap { Channel(rawValue: UInt8($0 - 1)) }))
  }

  /// Reports if all notes of a score are drums, so that nothing is left to encode.
  func tellOfDrums(in score: Score, path: String) {
    guard !drums, channels.isEmpty, score.noteCount > 0, score.notes(areDrums: false).isEmpty else { return }
    let notes = score.noteCount == 1 ? "its only note is a drum" : "all its \(score.noteCount) notes are drums"
    Message.note("\(Input.name(of: path)): \(notes), which only --drums encodes")
  }

  /// Rejects tracks that a file does not have.
  func check(_ score: Score, path: String) throws(Failure) {
    guard let missing = tracks.first(where: { $0 > score.tracks.count }) else { return }
    throw Failure(
      .usage, Input.name(of: path), "there is no track \(missing); the file has \(score.tracks.count)")
  }
}

extension TokenOptions {
  /// The tokens of a score that was read from `path`.
  func tokens(of score: Score, path: String, tracks: Set<Int>? = nil) throws(Failure) -> [Token] {
    var options = encoding
    if let tracks { options.tracks = tracks }
    do throws(TokenEncodingError) { return try TokenEncoder(options: options).encode(score) } catch {
      throw Failure(error, path: path)
    }
  }
}

extension TokenFile {
  /// The token file of a score that was read from `path`; only JSON contains metadata in addition to the tokens.
  static func bytes(of tokens: [Token], from score: Score, path: String, format: Format) -> [UInt8] {
    let metadata = format == .json ? Metadata(source: Input.name(of: path), score: score) : nil
    return TokenFile(tokens: tokens, metadata: metadata).bytes(format: format)
  }
}
