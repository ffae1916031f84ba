import ArgumentParser
import Generation
import ModelFormat
import MusicCore
import Takes
import Terminal

extension Generate {
  /// How a take that reaches its length ends.
  enum Ending: String, ExpressibleByArgument, CaseIterable { case natural, exact }

  /// Reads a form.
  static func parseForm(_ text: String) throws -> Form {
    guard let form = Form(text) else {
      throw ValidationError(
        "--form takes \(Form.counts.lowerBound) to \(Form.counts.upperBound) letters such as ABA, not \"\(text)\".")
    }
    return form
  }

  /// The given seed, or a random one short enough to type.
  var chosenSeed: UInt64 { seed ?? UInt64(UInt32.random(in: 0 ... .max)) }

  var takeCount: Int { source.takes ?? count ?? 1 }

  /// The destination of takes; standard output if no output is given.
  var destination: String? { output ?? (render == nil && play == nil ? "-" : nil) }

  /// The output files at a given path.
  func files(_ path: String?, fileExtension: String) throws -> TakeFiles? {
    guard let path else { return nil }
    if path == "-", takeCount > 1 { throw Failure(.usage, nil, "several takes need a name or a folder: -o takes") }
    return TakeFiles(path: path, count: takeCount, fileExtension: fileExtension)
  }

  var settings: GenerationSettings {
    var settings = GenerationSettings(seed: chosenSeed)
    settings.sampling = sampling.sampling
    settings.constraints = constraints.constraints
    settings.length = TokenTime(Seconds(seconds ?? Self.longestTake))
    settings.form = form
    settings.mayEnd = seconds == nil && form == nil
    settings.minimumLength = TokenTime(Seconds(Self.shortestTake))
    settings.closes = ending.map { $0 == .natural } ?? (seconds == nil)
    return settings
  }

  /// The settings as they are reported.
  var described: TakeSettings {
    var settings = TakeSettings(
      temperature: sampling.temperature, topP: sampling.topP, minP: sampling.minP, tonality: sampling.tonality,
      repetitionPenalty: sampling.repetitionPenalty, recurrence: sampling.recurrence,
      steadiness: sampling.steadiness, longestNote: constraints.longestNote)
    settings.model = model.model
    settings.seconds = seconds
    settings.topK = sampling.topK
    settings.key = constraints.key
    settings.chords = harmony.chords
    settings.chordsOf = harmony.chordsOf
    settings.tempo = harmony.tempo
    settings.meter = harmony.meter?.description
    settings.range = constraints.range?.description
    settings.maxPolyphony = constraints.maxPolyphony
    settings.form = form?.description
    settings.ending = ending?.rawValue
    settings.prompt = source.prompt
    settings.promptSeconds = source.promptSeconds
    settings.onlyNew = source.onlyNew ? true : nil
    settings.like = source.like
    settings.likeness = source.adaptationStrength
    settings.between = source.between.isEmpty ? nil : source.between
    settings.steps = source.takes
    settings.vary = source.vary
    settings.level = source.vary.map { _ in (source.level ?? .phrase).rawValue }
    settings.critic = choice.critic.critic
    return settings
  }
}
