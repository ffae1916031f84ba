internal import Generation
internal import Inference
package import MusicCore
internal import MusicFeatures
internal import MusicTokens
internal import Parallelism

/// A take as a critic hears it.
package struct Take: Sendable {
  /// The tokens, including those of the prompt.
  package var tokens: [UInt16]
  package var promptCount: Int

  package init(tokens: [UInt16], promptCount: Int) {
    self.tokens = tokens
    self.promptCount = promptCount
  }

  package var place: Cut.Place { promptCount == 0 ? .opening : .anywhere }

  func transposed(by semitones: Int) -> Take {
    Take(tokens: TokenWindow(tokens: tokens).transposed(by: semitones).tokens, promptCount: promptCount)
  }
}

extension RealMusic {
  /// Draws a passage of real music to compare with a take: of its kind, and not longer. O(piece).
  package func passage(like take: Take, using generator: inout SplitMix64) -> Take {
    Take(
      tokens: passage(take.tokens.count, isOpening: take.promptCount == 0, using: &generator),
      promptCount: take.promptCount)
  }
}

/// The last takes of a sampler, from which the stretches of a critic's steps are cut.
final class TakePool {
  private let sampler: TakeSampler
  private var made: [Int: Take] = [:]

  init(_ sampler: TakeSampler) { self.sampler = sampler }

  /// Cuts stretches from takes, with the position of each in its take; missing takes are sampled, and takes that are no
  /// longer needed are discarded.
  func stretches(
    _ count: Int, length: Int, of takes: Range<Int>, using generator: inout SplitMix64
  ) throws(TrainingError) -> [(window: TokenWindow, place: Cut.Place)] {
    made = made.filter { takes.contains($0.key) }
    let missing = takes.filter { made[$0] == nil }
    for (take, new) in zip(missing, try sampler.make(missing)) {
      guard Cut.starts(in: new.tokens.count, new.place, after: new.promptCount) != nil else {
        throw .unusableModel(path: sampler.path, "its takes have no music")
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
}

/// Samples takes of a model by the native engine with the user's sampling options, each from its own seed.
///
/// Some start without a prompt and are compared with the openings of pieces; the others continue real music, drawn like
/// the stretches of real music. Openings have half as many notes per second as the middle of pieces; a critic trained
/// on takes without prompt against stretches from anywhere would learn this difference.
struct TakeSampler: Sendable {
  let model: Model
  let path: String
  private let music: RealMusic
  private let settings: Settings.Critic
  private let seed: UInt64
  private let group: Int
  private let openingTokens: Int
  private let threads: Int

  /// - Parameters:
  ///   - threads: the number of takes that are sampled at once.
  ///   - group: the number of consecutive takes that continue the same music, or that all start without a prompt.
  ///   - openingTokens: the number of tokens of a take without a prompt; nil for as many as after a prompt.
  init(
    _ model: Model, path: String, after music: RealMusic, _ settings: Settings.Critic, seed: UInt64, threads: Int,
    group: Int = 1, openingTokens: Int? = nil
  ) {
    self.threads = threads
    self.group = group
    self.openingTokens = openingTokens ?? settings.takeTokens
    self.model = model
    self.path = path
    self.music = music
    self.settings = settings
    self.seed = seed
  }

  /// Samples takes: a prompt and a fixed number of tokens after it; the end of the piece is masked.
  func make(_ numbers: [Int]) throws(TrainingError) -> [Take] {
    try Parallel.map(numbers, threads: threads) { _, number throws(TrainingError) in try make(number) }
  }

  private func make(_ number: Int) throws(TrainingError) -> Take {
    var settings = GenerationSettings(seed: SplitMix64.first(seed, UInt64(number)))
    settings.sampling = SamplingOptions(
      temperature: Float(self.settings.temperature), topP: Float(self.settings.topP),
      tonality: Float(self.settings.tonality), repetitionPenalty: Float(self.settings.repetitionPenalty),
      recurrence: Float(self.settings.recurrence), steadiness: Float(self.settings.steadiness))
    settings.constraints =
      Constraints(longestNote: TokenTime(atMost: Seconds(self.settings.longestNote))) ?? .none
    settings.mayEnd = false
    settings.prompt = prompt(seed: SplitMix64.first(seed, UInt64(number / group)))
    var take = Take(tokens: settings.prompt?.tokens.map(\.rawValue) ?? [], promptCount: 0)
    take.promptCount = take.tokens.count
    let session = GenerationSession(model, settings)
    let count = take.promptCount > 0 ? take.promptCount + self.settings.takeTokens : openingTokens
    do throws(GenerationError) {
      while take.tokens.count < count, let token = try session.next() { take.tokens.append(token.rawValue) }
    } catch { throw .unusableModel(path: path, "\(error)") }
    return take
  }

  /// The prompt of a take; nil if it starts without one, or if the drawn music has no note.
  private func prompt(seed: UInt64) -> Prompt? {
    var generator = SplitMix64(keys: seed, 5)
    let place = generator.uniform()
    guard settings.promptTokens > 0, place >= settings.openings else { return nil }
    let tokens = music.prompt(settings.promptTokens, using: &generator).compactMap(Token.init(rawValue:))
    return try? Prompt(tokens)
  }
}

extension SplitMix64 {
  /// A pseudorandom number derived from two others.
  static func first(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var generator = SplitMix64(keys: a, b)
    return generator.next()
  }
}
