import Files
import Foundation
import Generation
import Inference
import MIDIFiles
import ModelFormat
import MusicCore
import MusicTokens
import Synchronization
import Takes
import TestSupport
import Testing

@Suite struct TakeQueueTests {
  private let folder: TemporaryFolder
  private let model: Model
  private var path: String { folder.path("model.safetensors") }

  init() throws {
    folder = try TemporaryFolder()
    try SyntheticModel().write(to: folder.path("model.safetensors"))
    model = try Model(path: folder.path("model.safetensors"))
  }

  /// Counts the reported progress.
  private final class Count: TakeProgress {
    private let state = Mutex((time: TokenTime.zero, takes: 0, doneTime: TokenTime.zero))
    func advance(by time: TokenTime) { state.withLock { $0.time = $0.time + time } }
    func finishTake(after length: TokenTime) {
      state.withLock {
        $0.takes += 1
        $0.doneTime = $0.doneTime + length
      }
    }
    var time: TokenTime { state.withLock(\.time) }
    var takes: Int { state.withLock(\.takes) }
    var doneTime: TokenTime { state.withLock(\.doneTime) }
  }

  private func maker(seconds: Int = 20, _ change: (inout TakeMaker) -> Void = { _ in }) -> TakeMaker {
    var first = GenerationSettings(seed: 5)
    first.length = TokenTime(Seconds(Double(seconds)))
    first.mayEnd = false
    let settings = TakeSettings(
      temperature: 1, topP: 0.98, minP: 0, tonality: 0.5, repetitionPenalty: 0.5, recurrence: 0.9, steadiness: 1,
      longestNote: 8)
    var maker = TakeMaker(
      model: model, file: HashedFile(path: path), first: first, settings: settings, format: .tokens(.ids),
      program: "test 1")
    change(&maker)
    return maker
  }

  /// All takes, sorted by index.
  private func takes(
    _ maker: TakeMaker, count: Int, jobs: Int, _ progress: Count = Count()
  ) async throws -> [TakeMaker.Take] {
    let queue = TakeQueue(maker, count: count, jobs: jobs)
    let results = await withTaskGroup(of: [(Int, Result<TakeMaker.Take, TakeError>)].self) { group in
      for job in 0..<jobs {
        group.addTask { stride(from: job, to: count, by: jobs).map { _ in queue.finishOne(progress) } }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(results.map(\.0).sorted() == Array(0..<count))
    return try results.sorted { $0.0 < $1.0 }.map { try $0.1.get() }
  }

  @Test func theNumberOfJobsChangesNothing() async throws {
    let progress = Count()
    let one = try await takes(maker(), count: 9, jobs: 1, progress)
    let three = try await takes(maker(), count: 9, jobs: 3)
    #expect(progress.takes == 9 && progress.time == TokenTime(Seconds(9 * 20)))
    #expect(progress.doneTime == progress.time)
    #expect(one.map(\.report.seed) == Array(5..<14))
    #expect(one.map(\.score) == three.map(\.score))
    #expect(Set(one.map(\.report.notes)).count > 3)
    for take in one { #expect(take.report.seconds == 20 && take.report.ending == "time") }
  }

  @Test func severalSourcesOfLatentsShareTheSeed() async throws {
    let piece = try TokenEncoder().encode(RandomWalk(1, notes: 0..<60).score)
    let heard = model.encodeWindows(of: piece)
    let maker = maker {
      $0.latents = (0..<3).map { .between(heard, heard, at: Double($0) / 2) }
      $0.settings.steps = 3
    }
    let takes = try await takes(maker, count: 3, jobs: 1)
    #expect(takes.map(\.report.seed) == [5, 5, 5] && takes.map(\.report.settings.step) == [1, 2, 3])
    // Interpolating between a piece and itself gives the same latents at every position.
    #expect(takes[0].score.tracks.map(\.notes) == takes[2].score.tracks.map(\.notes))
  }

  @Test func filesHoldTheTokensAndTheCommand() async throws {
    let output = folder.path("out/take.tokens")
    let maker = maker(seconds: 5) {
      $0.output = TakeFiles(path: output, count: 2, fileExtension: "mid")
      $0.isIdentified = true
    }
    let takes = try await takes(maker, count: 2, jobs: 2)
    for (index, take) in takes.enumerated() {
      let path = folder.path("out/take-\(index + 1).tokens")
      #expect(take.report.output == path)
      let file = try TokenFile(bytes: try readBytes(ofFile: path))
      #expect(file.tokens.count == take.report.tokens)
      let text = take.score.tracks[0].texts.map { String(decoding: $0.bytes, as: UTF8.self) }
      #expect(text.first == "Made by test 1" && text.last == take.report.settings.command(seed: UInt64(5 + index)))
      #expect(take.report.model.sha256?.count == 64)
    }
  }

  @Test func aPromptIsJoinedOrLeftOut() async throws {
    let prompt = try #require(try Prompt(TokenEncoder().encode(RandomWalk(2, notes: 0..<40).score)))
    func take(onlyNew: Bool) async throws -> TakeMaker.Take {
      try await takes(
        maker(seconds: 30) {
          $0.first.prompt = prompt
          $0.isOnlyNew = onlyNew
        }, count: 1, jobs: 1)[0]
    }
    let (whole, new) = (try await take(onlyNew: false), try await take(onlyNew: true))
    let end = try #require(whole.report.promptSeconds)
    let notes = whole.score.tracks.flatMap(\.notes)
    let later = notes.filter { whole.score.tempoMap.seconds(at: $0.onset).rawValue >= end }
    #expect(later.count > 3 && later.count < notes.count && whole.report.notes == later.count)
    #expect(new.score.tracks.flatMap(\.notes).map(\.pitch) == later.map(\.pitch))
  }

  @Test func whatCannotBeWrittenIsAnError() async throws {
    _ = try folder.write(Array("file".utf8), to: "file")
    let maker = maker(seconds: 1) {
      $0.output = TakeFiles(path: folder.path("file/take.mid"), count: 1, fileExtension: "mid")
      $0.format = .midi
    }
    guard case .failure(.file(let error)) = TakeQueue(maker, count: 1, jobs: 1).finishOne(Count()).value else {
      Issue.record("the take has no folder")
      return
    }
    #expect(error.path.hasPrefix(folder.path("file")))
  }

  @Test func commandsAreQuotedForAShell() {
    var settings = maker().settings
    settings.model = "a b'c.safetensors"
    settings.seconds = 2.5
    settings.between = ["x.mid", "$y.mid"]
    let command = settings.command(seed: 3)
    #expect(command.hasPrefix("aurl generate --model 'a b'\\''c.safetensors' --seed 3 --seconds 2.5 "))
    #expect(command.contains("--between x.mid '$y.mid'"))
    settings.prompt = "'60s'.mid"
    #expect(settings.command(seed: 3).contains(#"--prompt ''\''60s'\''.mid'"#))
  }
}
