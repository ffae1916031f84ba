internal import Generation
internal import Inference
internal import MusicCore
internal import MusicFeatures
internal import MusicTokens

/// Takes of a model by the native engine, as its user samples them, each from a seed of its own.
///
/// Some begin from nothing, and are compared with the openings of pieces; the others go on from real music, drawn as stretches
/// of real music are. Openings have half as many notes a second as the middle of pieces, and a critic that heard takes
/// from nothing beside stretches from anywhere would hear that first.
final class Takes {
  private let model: Model
  private let path: String
  private let music: RealMusic
  private let settings: Settings.Critic
  private let seed: UInt64
  private let group: Int
  private var made: [Int: Take] = [:]

  struct Take {
    /// Those of the prompt first.
    var tokens: [UInt16]
    var promptCount: Int

    var place: Cut.Place { promptCount == 0 ? .opening : .anywhere }
  }

  /// - Parameter group: how many takes in a row go on from the same music.
  init(
    _ model: Model, path: String, after music: RealMusic, _ settings: Settings.Critic, seed: UInt64, group: Int = 1
  ) {
    self.group = group
    self.model = model
    self.path = path
    self.music = music
    self.settings = settings
    self.seed = seed
  }

  /// Stretches of some takes, and where in its take each is from; takes are made where they are not there, and others
  /// forgotten.
  func stretches(
    _ count: Int, length: Int, of takes: Range<Int>, using generator: inout SplitMix64
  ) throws(TrainingError) -> [(window: TokenWindow, place: Cut.Place)] {
    made = made.filter { takes.contains($0.key) }
    for take in takes where made[take] == nil {
      let new = try make(take)
      guard Cut.starts(in: new.tokens.count, new.place, after: new.promptCount) != nil else {
        throw .unusableModel(path: path, "its takes have no music")
      }
      made[take] = new
    }
    return (0..<count).compactMap { _ in
      guard let take = made[generator.number(in: takes.lowerBound...takes.upperBound - 1)] else { return nil }
      let stretch = Cut.stretch(
        of: take.tokens, take.place, after: take.promptCount, length: length, using: &generator)
      return (stretch, take.place)
    }
  }

  /// A prompt and so many tokens after it; a model that would end its take goes on.
  func make(_ number: Int) throws(TrainingError) -> Take {
    var settings = GenerationSettings(seed: SplitMix64.first(seed, UInt64(number)))
    settings.sampling = SamplingOptions(
      temperature: Float(self.settings.temperature), topP: Float(self.settings.topP),
      tonality: Float(self.settings.tonality), repetitionPenalty: Float(self.settings.repetitionPenalty))
    settings.constraints =
      Constraints(longestNote: TokenTime(atMost: Seconds(self.settings.longestNote)).rawValue) ?? .none
    settings.mayEnd = false
    settings.prompt = prompt(seed: SplitMix64.first(seed, UInt64(number / group)))
    var take = Take(tokens: settings.prompt?.tokens.map(\.rawValue) ?? [], promptCount: 0)
    take.promptCount = take.tokens.count
    let session = GenerationSession(model, settings)
    let count = take.promptCount + self.settings.takeTokens
    do throws(GenerationError) {
      while take.tokens.count < count, let token = try session.next() { take.tokens.append(token.rawValue) }
    } catch { throw .unusableModel(path: path, "\(error)") }
    return take
  }

  /// Nil where a take is to begin from nothing, or what was drawn has no note.
  private func prompt(seed: UInt64) -> Prompt? {
    var generator = SplitMix64(keys: seed, 5)
    let place = Double(generator.next() >> 11) * 0x1p-53
    guard settings.promptTokens > 0, place >= settings.openings else { return nil }
    let tokens = music.prompt(settings.promptTokens, using: &generator).compactMap(Token.init(rawValue:))
    return try? Prompt(tokens)
  }
}

extension SplitMix64 {
  /// A number that follows from two others.
  static func first(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var generator = SplitMix64(keys: a, b)
    return generator.next()
  }
}
