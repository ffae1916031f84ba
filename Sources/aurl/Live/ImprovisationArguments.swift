import ArgumentParser
import Generation
import Improvisation
import MusicCore

/// The options of the model's playing.
struct ImprovisationArguments: ParsableArguments {
  @Option(help: "How much of your figures an answer uses, 0 to 1.")
  var develop = 0.3

  @Option(
    help: ArgumentHelp(
      "The dynamics of answers: follow (as you play), free, or a level from pp to ff.", valueName: "dynamics"))
  var dynamics = KeywordArgument<ImproviserSettings.Dynamics>.standard("follow")

  @Option(
    help: ArgumentHelp(
      "The register of answers: follow (as you play), above, below, free, or a range such as C3-C6.",
      valueName: "register"))
  var register = KeywordArgument<ImproviserSettings.Register>.standard("follow")

  @Option(
    help: ArgumentHelp(
      "The key of answers: auto (the key that you play in), off, or a key such as \"D minor\".", valueName: "key"),
    completion: .keys(["auto", "off"]))
  var key = KeywordArgument<KeyFollower.Mode>.standard("auto")

  @Option(help: "The maximum number of the model's notes that sound at once.")
  var maxPolyphony = 12

  @Option(help: .time("The maximum duration of a note of the model."), transform: parseTime)
  var longestNote = 8.0

  @Option(
    help: ArgumentHelp(
      "The channel that the model plays on, 1 to 16, or same: your channel, on the same instrument.",
      valueName: "channel"))
  var channel = KeywordArgument<MachineChannel>.standard("2")

  @Option(help: "The General MIDI program of the model's channel, 1 to 128.")
  var program: Int?

  func validate() throws {
    func check(_ condition: Bool, _ message: String) throws {
      guard condition else { throw ValidationError(message) }
    }
    try check((0...1).contains(develop), "--develop takes 0 to 1, not \(develop).")
    try check(maxPolyphony >= 1, "--max-polyphony takes a number from 1, not \(maxPolyphony).")
    try check((1 / 64...3600).contains(longestNote), "--longest-note takes 1/64 to 3600 seconds, not \(longestNote).")
    try check((1...128).contains(program ?? 1), "--program takes 1 to 128, not \(program ?? 1).")
  }

  func settings(seed: UInt64, _ sampling: SamplingOptions) -> ImproviserSettings {
    var settings = ImproviserSettings(seed: seed)
    settings.sampling = sampling
    (settings.develop, settings.dynamics, settings.register) = (develop, dynamics.meaning, register.meaning)
    settings.key = key.meaning
    (settings.maximumPolyphony, settings.longestNote) = (maxPolyphony, longestNote)
    return settings
  }

  var sharesChannel: Bool { channel.meaning == .same }

  /// The model's channel. If it shares the human's, the first channel until the human plays on another.
  var machineChannel: Channel { if case .own(let channel) = channel.meaning { channel } else { Channel(status: 0) } }

  var machineProgram: Program? { program.map { Program(masking: UInt8($0 - 1)) } }
}

/// The channel that the model plays on.
enum MachineChannel: Hashable, KeywordOrValue {
  case same
  case own(Channel)

  static var keywords: [String: Self] { ["same": .same] }

  init?(value: String) {
    guard let number = UInt8(value), (1...16).contains(number) else { return nil }
    self = .own(Channel(status: number - 1))
  }
}

extension ImproviserSettings.Dynamics: KeywordOrValue {
  static var keywords: [String: Self] { ["follow": .follow, "free": .free] }

  init?(value: String) {
    guard let level = DynamicLevel(value) else { return nil }
    self = .level(level)
  }
}

extension ImproviserSettings.Register: KeywordOrValue {
  static var keywords: [String: Self] { ["follow": .follow, "above": .above, "below": .below, "free": .free] }

  init?(value: String) {
    guard let range = PitchRange(argument: value) else { return nil }
    self = .range(range.pitches)
  }
}

extension KeyFollower.Mode: KeywordOrValue {
  static var keywords: [String: Self] { ["auto": .auto, "off": .off] }

  init?(value: String) {
    guard let scale = Scale(value) else { return nil }
    self = .fixed(scale)
  }
}
