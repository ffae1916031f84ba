import Datasets
import Foundation
import Glibc
import Layers
import ModelFormat
import Synchronization
import Tensors
import TestSupport
import Testing
import Training
import VAEGAN

/// Training with several processes that communicate over the loopback interface.
@Suite(.serialized) struct SeveralProcessesTests {
  private let data: TrainingData
  private let folder: TemporaryFolder

  init() throws {
    data = try TrainingData()
    folder = try TemporaryFolder()
  }

  private static let settings = [
    "model.preset=tiny", "model.width=32", "model.feedForward=64", "model.window=64", "model.latents.windowLength=64",
    "model.latents.phraseLength=32",
    "model.latents.localLength=16", "run.threads=1", "run.logEverySteps=1", "evaluation.windows=20",
    "optimizer.warmUpSteps=4", "kl.freeSteps=1", "processes.joinTimeout=30", "processes.timeout=30",
  ]

  private func arguments(_ output: String, _ options: [String] = []) -> [String] {
    [data.dataset.path, "-o", folder.path(output)] + (Self.settings + options).flatMap { ["--set", $0] }
  }

  /// The lines of metrics so far, without values that depend on the machine.
  private func lines(_ output: String) throws -> [MetricsLine] {
    try MetricsFile<MetricsLine>.read(RunFolder(path: folder.path(output)).metrics).map { line in
      var line = line
      (line.seconds, line.tokensPerSecond) = (0, nil)
      return line
    }
  }

  /// Includes all settings by which a batch is more than the sum of its windows: free bits, normalized means, dropout.
  @Test(arguments: [
    ["kl.freeBits=0.02", "kl.freeBitsPhrase=0.3", "model.latents.normalizeMeans=true", "decoder.wordDropout=0.2"],
    ["batch.accumulation=2", "batch.firstLength=32", "batch.curriculumSteps=4", "kl.schedule=adaptive", "kl.target=1"],
  ]) func theyComputeTheSameAsOneProcessWithAllTheirWindows(_ options: [String]) throws {
    // Adam normalizes gradients; with this epsilon, gradients that are 0 except for rounding stay small.
    let options = options + ["length.steps=6", "evaluation.everySteps=3", "optimizer.epsilon=1e-3"]
    let two = try StartedProcesses(2) { arguments("two\($0)", options + ["batch.windows=3"]) }
    let one = try CommandLineProgram.run("aurl-train", arguments("one", options + ["batch.windows=6"]))
    #expect(one.status == 0, "\(one.errors)")
    for rank in 0..<2 {
      let end = try two.end(of: rank)
      #expect(end.status == 0 && (end.errors.isEmpty == (rank == 1)), "\(rank): \(end.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("two1")), "only process 0 writes")
    let (expected, lines) = (try lines("one"), try lines("two0"))
    #expect(lines.map(\.step) == expected.map(\.step) && lines.map(\.tokens) == expected.map(\.tokens))
    for (a, b) in zip(expected, lines) {
      #expect(differ(a.training, b.training) < 1e-4 && differ(a.validation, b.validation) < 1e-4, "\(a) \(b)")
      #expect(abs((a.gradientNorm ?? 0) - (b.gradientNorm ?? 0)) <= 1e-4 * (a.gradientNorm ?? 0), "\(a) \(b)")
      #expect(abs((a.beta ?? 0) - (b.beta ?? 0)) < 1e-6)
    }
    let models = try ["one", "two0"].map { try ModelFile(path: RunFolder(path: folder.path($0)).last) }
    for tensor in models[0].configuration.tensors {
      let (a, b) = (models[0].floats(named: tensor.name), models[1].floats(named: tensor.name))
      let distance = zip(a, b).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
      let size = a.map { $0 * $0 }.reduce(0, +).squareRoot()
      #expect(distance <= 1e-4 * size + 1e-5, "\(tensor.name): \(distance) of \(size)")
    }
  }

  /// The largest difference of any loss; infinite if only one of the two exists.
  private func differ(_ a: Losses?, _ b: Losses?) -> Double {
    func all(_ losses: Losses?) -> [Double?] {
      [losses?.natsPerToken, losses?.boundNatsPerToken, losses?.total] + (losses?.kl ?? []).map(\.natsPerToken)
    }
    guard all(a).count == all(b).count else { return .infinity }
    return zip(all(a), all(b)).map { a, b in a == nil && b == nil ? 0 : abs((a ?? .infinity) - (b ?? 0)) }.max() ?? 0
  }

  /// Process 0, to which the others are connected, or another one is killed or stops responding.
  @Test(arguments: [(SIGKILL, 0), (SIGKILL, 1), (SIGSTOP, 1)])
  func ifOneIsLostTheOtherEnds(_ signal: Int32, _ rank: Int) throws {
    let options = ["length.steps=1000000", "batch.windows=1"] + (signal == SIGSTOP ? ["processes.timeout=4"] : [])
    let two = try StartedProcesses(2) { _ in arguments("run", options) }
    while two.isAnyRunning, try lines("run").isEmpty { usleep(10_000) }
    two.send(signal, to: rank)
    let end = try two.end(of: 1 - rank)
    #expect(end.status == 69)
    let line = try #require(end.errors.split(separator: "\n").last)
    #expect(line.hasPrefix("Error: process \(1 - rank) of 2: lost the others ("), "\(end.errors)")
    #expect(signal != SIGSTOP || line.contains("4000ms"), "the timeout is that of the setting: \(line)")
    #expect(end.errors.split(separator: "\n").count { $0.hasPrefix("Error") } == 1 && !end.errors.contains("frame #"))
  }

  @Test func aSignalToOneEndsAllWithACheckpointThatAnyNumberCanResume() throws {
    let two = try StartedProcesses(2) { _ in arguments("run", ["length.steps=1000000", "batch.windows=1"]) }
    while two.isAnyRunning, try lines("run").isEmpty { usleep(10_000) }
    two.send(SIGTERM, to: 1)
    #expect(try two.end(of: 1) == (-SIGTERM, ""))
    let end = try two.end(of: 0)
    #expect(end.status == 0 && end.errors.contains("interrupted; --resume continues"), "\(end.errors)")
    let step = try ModelFile(path: RunFolder(path: folder.path("run")).last).metadata.step

    // Only process 0 has the folder and its settings.
    let three = try StartedProcesses(3) { rank in
      let folder = rank == 0 ? folder.path("run") : folder.path("none")
      return ["--resume", "-o", folder] + (rank == 0 ? ["--set", "length.steps=\(step + 2)"] : [])
    }
    for rank in 0..<3 {
      let end = try three.end(of: rank)
      #expect(end.status == 0, "\(rank): \(end.errors)")
    }
    let alone = try CommandLineProgram.run(
      "aurl-train", ["--resume", "-o", folder.path("run"), "--set", "length.steps=\(step + 3)"])
    #expect(alone.status == 0 && alone.errors.contains("resuming after step \(step + 2)\n"), "\(alone.errors)")
  }

  @Test(arguments: [
    (64, ["WORLD_SIZE": ""], "WORLD_SIZE is not set"), (69, [:], "process 1 of 2: the others cannot be joined at "),
    (69, ["RANK": "0"], "process 0 of 2: the others cannot be joined at "),
  ]) func anInvalidEnvironmentIsOneLine(_ status: Int32, _ changes: [String: String], _ text: String) throws {
    let all = [
      "RANK": "1", "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "\(try StartedProcesses.freePort())",
    ]
    let result = try CommandLineProgram.run(
      "aurl-train", arguments("run", ["processes.joinTimeout=0.3"]), environment: all.merging(changes) { $1 })
    #expect(result.status == status)
    #expect(result.errors.hasPrefix("Error: \(text)") && result.errors.split(separator: "\n").count == 1, "\(result)")
  }

  @Test func aStepThatIsNotFiniteInOneIsSkippedByAll() async {
    await #expect(processExitsWith: .success) {
      let skipped = Mutex<[Int: Int]>([:])
      try Self().asThreads(["length.steps=8"]) { run, rank in
        let weight = try #require(run.model.parameters.parameters.first { $0.name == "decoder.norm.weight" })
        _ = try run.train { event in
          guard case .losses(let line) = event, rank == 1 else { return }
          if line.step == 3 { try weight.assign(Tensor.full(.nan, weight.shape)) }
          if line.step == 5 { try weight.assign(Tensor.full(1, weight.shape)) }
        }
        let count = run.progress.skippedSteps
        skipped.withLock { $0[rank] = count }
      }
      #expect(skipped.withLock { $0 } == [0: 2, 1: 2])
    }
  }

  /// Only process 0 sees that the disk is full, yet early stopping ends all processes at the same step.
  @Test func aBestModelThatCannotBeWrittenIsTheBestForNone() async {
    await #expect(processExitsWith: .success) {
      let tests = try Self()
      let ends = Mutex<[Int: String]>([:])
      let options = [
        "length.steps=10", "optimizer.learningRate=0", "evaluation.everySteps=2", "evaluation.patience=1",
      ]
      try tests.asThreads(options) { run, rank in
        let best = run.folder.best
        if rank == 0 { try FileManager.default.createDirectory(atPath: best, withIntermediateDirectories: true) }
        let outcome = try run.train { event in
          if case .warning = event { try FileManager.default.removeItem(atPath: best) }
        }
        let end = "\(outcome) after \(run.progress.step)"
        ends.withLock { $0[rank] = end }
      }
      #expect(ends.withLock { $0 } == [0: "stoppedEarly after 6", 1: "stoppedEarly after 6"])
      #expect(try ModelFile(path: RunFolder(path: tests.folder.path("run")).best).metadata.step == 4)
    }
  }

  /// Runs two processes as threads, so that the test has access to the run of each.
  ///
  /// Must be called in a process of its own, because it changes the environment, which other threads may read.
  private func asThreads(
    _ options: [String], _ train: @escaping @Sendable (_ run: TrainingRun, _ rank: Int) throws -> Void
  ) throws {
    setenv("GLOO_SOCKET_IFNAME", "lo", 1)
    // c10d's flight recorder, a debugging tool, has a data race when a new group is created.
    setenv("TORCH_FR_BUFFER_SIZE", "0", 1)
    let port = UInt16(try StartedProcesses.freePort())
    let all =
      Self.settings + options + ["batch.windows=2", "optimizer.averageDecay=null", "run.output=\(folder.path("run"))"]
    let settings = try Settings(all.map { try Assignment(option: $0) })
    let ended = DispatchSemaphore(value: 0)
    for rank in 0..<2 {
      Thread.detachNewThread {
        do {
          let group = try ProcessGroup(Launch(rank: rank, count: 2, host: "127.0.0.1", port: port), timeout: 30)
          try train(TrainingRun(settings, on: data.dataset, resuming: false, processes: group), rank)
        } catch { Issue.record(error) }
        ended.signal()
      }
    }
    for _ in 0..<2 { ended.wait() }
  }
}
