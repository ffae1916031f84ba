public import ArgumentParser
import Generation
import Inference
import MIDIFiles
public import ModelFormat
import MusicCore
import MusicTokens
import Terminal

extension Configuration.Level: ExpressibleByArgument {}

/// The options about the music that takes are derived from.
struct SourceArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Continue this music; the result holds the prompt, unchanged, and its continuation.", valueName: "file"),
    completion: .music)
  var prompt: String?

  @Option(
    help: .time("Continue from this time of the prompt; notes that sound there continue too. Default: its end."),
    transform: parseTime)
  var promptSeconds: Double?

  @Flag(help: "Leave the prompt out of the result.")
  var onlyNew = false

  @Option(help: ArgumentHelp("New music with the latents of this file.", valueName: "file"), completion: .music)
  var like: String?

  @Option(
    help: "How closely the statistics of the music follow the file of --like or --vary, 0 to 2. Default: 0.7.")
  var likeness: Float?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Takes that interpolate between the latents of two files.", valueName: "file"),
    completion: .music)
  var between: [String] = []

  @Option(help: "Number of takes of --between, both ends included. Default: 5.")
  var steps: Int?

  @Option(
    help: ArgumentHelp(
      "New music with the latents of this file, except those of one level, which are drawn again.", valueName: "file"),
    completion: .music)
  var vary: String?

  @Option(help: "The level that --vary draws again. Default: phrase.")
  var level: Configuration.Level?

  func validate() throws {
    func check(_ condition: Bool, _ message: String) throws {
      guard condition else { throw ValidationError(message) }
    }
    let sources = [prompt != nil, like != nil, !between.isEmpty, vary != nil]
    try check(sources.count { $0 } < 2, "--prompt, --like, --between and --vary exclude each other.")
    try check(between.isEmpty || between.count == 2, "--between takes two files.")
    try check(steps == nil || !between.isEmpty, "--steps goes with --between.")
    try check((2...10_000).contains(steps ?? 2), "--steps takes 2 to 10000, not \(steps ?? 0).")
    try check(level == nil || vary != nil, "--level goes with --vary.")
    try check(likeness == nil || like != nil || vary != nil, "--likeness goes with --like or --vary.")
    try check((0...2).contains(likeness ?? 0), "--likeness takes 0 to 2, not \(likeness ?? 0).")
    try check(promptSeconds == nil || prompt != nil, "--prompt-seconds goes with --prompt.")
    try check(!onlyNew || prompt != nil, "--only-new goes with --prompt.")
    try check(
      (promptSeconds ?? 1) > 0 && (promptSeconds ?? 1) < 1e6,
      "--prompt-seconds takes a time over 0, not \(promptSeconds ?? 0).")
  }

  /// The files that latents are inferred from, and the option that names them.
  private var files: (option: String, paths: [String])? {
    if let like { return ("--like", [like]) }
    if let vary { return ("--vary", [vary]) }
    return between.isEmpty ? nil : ("--between", between)
  }

  /// Whether latents are inferred from files.
  var hasLatents: Bool { files != nil }

  /// All input files.
  var inputs: [String] { [prompt].compactMap { $0 } + (files?.paths ?? []) }

  /// The latent source of each take; a single one applies to all takes.
  func latents(_ model: Model, isQuiet: Bool) throws(Failure) -> [LatentSource] {
    guard let files else { return [.prior] }
    guard model.prior != nil else { throw Failure(.usage, files.option, "this model has no latents") }
    var heard: [[Posterior]] = []
    for path in files.paths {
      heard.append(model.encodeWindows(of: try Self.music(path, isQuiet: isQuiet).music.tokens))
    }
    if let steps = takes { return (0..<steps).map { .between(heard[0], heard[1], at: Double($0) / Double(steps - 1)) } }
    return [vary == nil ? .like(heard[0]) : .varied(heard[0], level ?? .phrase)]
  }

  /// The strength of `adaptation`; nil without a file that it is taken from.
  var adaptationStrength: Float? { (like ?? vary) == nil ? nil : likeness ?? 0.7 }

  /// The adaptation of takes to the statistics of the file of `--like` or `--vary`; nil for none.
  func adaptation(isQuiet: Bool) throws(Failure) -> MarginalAdaptation? {
    guard let path = like ?? vary, let strength = adaptationStrength, strength > 0 else { return nil }
    return MarginalAdaptation(of: try Self.music(path, isQuiet: isQuiet).music.tokens, strength: strength)
  }

  /// The number of takes of an interpolation; nil if there is none.
  var takes: Int? { between.isEmpty ? nil : steps ?? 5 }

  /// The prompt, with its score if it is a MIDI file.
  func promptMusic(isQuiet: Bool) throws(Failure) -> (music: Prompt, score: Score?)? {
    guard let prompt else { return nil }
    let end = promptSeconds.map { max(1, TokenTime(Seconds($0))) }
    return try Self.music(prompt, end: end, isQuiet: isQuiet)
  }

  /// The score of a MIDI or token file.
  static func score(_ path: String, isQuiet: Bool) throws(Failure) -> Score {
    let input = try Input(path: path)
    switch input {
    case .midi(let file):
      if !isQuiet { Message.repairs(file.repairs, of: path) }
      return file.score
    case .tokens(let file): return try TokenDecoder().decode(file, path: path).score
    }
  }

  private static func music(
    _ path: String, end: TokenTime? = nil, isQuiet: Bool
  ) throws(Failure) -> (music: Prompt, score: Score?) {
    let input = try Input(path: path)
    if case .midi(let file) = input, !isQuiet { Message.repairs(file.repairs, of: path) }
    do throws(TokenEncodingError) {
      if let prompt = try Prompt(tokens(of: input), end: end) {
        if !isQuiet { Message.repairs(prompt.repairs, of: path) }
        if case .midi(let file) = input { return (prompt, file.score) }
        return (prompt, nil)
      }
    } catch { throw Failure(error, path: path) }
    throw Failure(.malformedInput, Input.name(of: path), end == nil ? "holds no notes" : "holds no notes before that")
  }

  private static func tokens(of input: Input) throws(TokenEncodingError) -> [Token] {
    switch input {
    case .tokens(let file): file.tokens
    case .midi(let file): try TokenEncoder().encode(file.score)
    }
  }
}
