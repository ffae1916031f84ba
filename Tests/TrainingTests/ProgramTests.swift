import Datasets
import Foundation
import ModelFormat
import TestSupport
import Testing
import Training

/// Tests of the program `aurl-train`.
@Suite struct ProgramTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ arguments: String...) throws -> CommandLineProgram.Result {
    try CommandLineProgram.run("aurl-train", arguments)
  }

  @Test func itsSettingsAreAFileThatItReads() throws {
    let printed = try run("settings", "--preset", "base", "--set", "batch.windows=3")
    #expect(printed.status == 0)
    let settings = try Settings(Assignment.all(yaml: printed.text, file: "settings.yaml"))
    #expect(settings.model.configuration == .base && settings.batch.windows == 3)
    let file = try folder.write(printed.output, to: "settings.yaml")
    let again = try run("settings", "--config", file)
    #expect(again.text == printed.text)
  }

  @Test func badInputIsOneLineAndItsExitCode() throws {
    let unknown = try folder.write(Array("run:\n  sed: 1\n".utf8), to: "unknown.yaml")
    let binary = try folder.write([0xFF, 0xFE], to: "binary.yaml")
    let damaged = try folder.write(Array("{}".utf8), to: "damaged/index.jsonl")
    let cases: [(status: Int32, arguments: [String], says: String)] = [
      (64, ["--set", "optimzer.lr=1"], "did you mean 'optimizer.learningRate'?"),
      (64, ["data", "--seed", "x"], "--seed x: run.seed must be a whole number"),
      (64, ["data", "--device", "gpu"], "run.device must be cpu, cuda or cuda:NUMBER"),
      (65, ["--config", unknown], "unknown.yaml: line 2: unknown setting 'run.sed'; did you mean 'run.seed'?"),
      (65, ["--config", binary], "not a text in UTF-8"),
      (65, [(damaged as NSString).deletingLastPathComponent], "index.jsonl"),
      (66, ["--config", folder.path("none.yaml")], "no such file"),
      (66, [folder.path("none")], "no such file"),
      (65, [folder.url.path], "no dataset; \"aurl corpus build"),
      (65, ["critic", folder.url.path, "--model", "m"], "no dataset; \"aurl corpus build"),
      (65, ["context", folder.url.path, "--model", "m", "--critic", "c", "-o", "x"], "no dataset"),
      (66, ["--resume", "-o", folder.path("none")], "no checkpoint to resume from"),
      (66, ["critic", "--resume", "-o", folder.path("none")], "no checkpoint to resume from"),
      (66, ["evaluate", folder.path("none.safetensors"), "data"], "no such file"),
      (66, ["curves", folder.path("none")], "no metrics"),
      (69, ["benchmark", "--device", "cuda:99"], "Error: device cuda:99: "),
    ]
    for (status, arguments, text) in cases {
      let result = try CommandLineProgram.run("aurl-train", arguments)
      #expect(result.status == status, "\(arguments): \(result.errors)")
      #expect(result.errors.contains(text), "\(arguments): \(result.errors)")
      #expect(result.errors.split(separator: "\n").count == 1 && result.errors.hasPrefix("Error: "))
    }
  }

  @Test func anInterruptedRunIsSavedAndCanBeResumed() throws {
    let data = try TrainingData()
    let output = folder.path("a run")
    let process = Process()
    // SIGHUP is ignored, as under nohup.
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let settings = [
      "--threads", "1", "--set", "model.preset=tiny", "--set", "batch.windows=1", "--set", "run.logEverySteps=1",
    ]
    process.arguments =
      ["-c", "trap '' HUP; exec \"$0\" \"$@\"", CommandLineProgram.executable("aurl-train").path]
      + [data.dataset.path, "-o", output, "--set", "length.steps=1000000"] + settings
    process.standardError = FileHandle.nullDevice
    try process.run()
    let metrics = RunFolder(path: output).metrics
    while process.isRunning, try MetricsFile<MetricsLine>.read(metrics).isEmpty { usleep(20_000) }
    // No signal may have a handler: oneDNN's kernels point the stack pointer into the heap, where the frame of a
    // handler would overwrite data.
    let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
    let handlers = try #require(status.split(separator: "\n").first { $0.hasPrefix("SigCgt:\t") }).dropFirst(8)
    let mask = try #require(UInt64(handlers, radix: 16))
    for signal in [SIGHUP, SIGINT, SIGTERM] { #expect(mask & 1 << UInt64(signal - 1) == 0, "signal \(signal)") }
    // Two signals at once, as from a terminal and a launcher, count as one; SIGHUP is ignored.
    for signal in [SIGSTOP, SIGHUP, SIGINT, SIGTERM, SIGCONT] { kill(process.processIdentifier, signal) }
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal && [SIGINT, SIGTERM].contains(process.terminationStatus))
    let step = try ModelFile(path: RunFolder(path: output).last).metadata.step
    #expect(step > 0)
    #expect(try MetricsFile<MetricsLine>.read(metrics).last?.step == step)

    let resumed = try run(
      "--resume", "-o", output, "--set", "length.steps=\(step + 2)", "--set", "evaluation.windows=2")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(resumed.errors.contains("resuming after step \(step)\n") && !resumed.errors.contains("\u{1B}"))
    let evaluated = try run("evaluate", RunFolder(path: output).best, data.dataset.path, "--windows", "2", "--json")
    #expect(evaluated.status == 0 && evaluated.text.contains("\"boundNatsPerToken\":"))
    #expect(try run("curves", output, "--svg", folder.path("c.svg")).status == 0)
    #expect(FileManager.default.fileExists(atPath: folder.path("c.svg")))
    #expect(try run(data.dataset.path, "-o", output).status == 73, "a run is not overwritten")
  }

  /// As in `aurl-train … 2>&1 | tee log`, if Ctrl-C ends tee first.
  @Test func aRunWithABrokenPipeIsSaved() throws {
    let data = try TrainingData()
    let output = folder.path("run")
    let result = try CommandLineProgram.run(
      "/bin/bash",
      [
        "-c", "set -o pipefail; \"$0\" \"$@\" 2>&1 | true", CommandLineProgram.executable("aurl-train").path,
        data.dataset.path, "-o", output, "--threads", "1", "--set", "model.preset=tiny", "--set", "batch.windows=1",
        "--set", "length.steps=2", "--set", "evaluation.windows=2",
      ])
    #expect(result.status == 0, "\(result.errors)")
    #expect(try ModelFile(path: RunFolder(path: output).last).metadata.step == 2)
  }

  @Test func benchmarkEndsWithALineOfFigures() throws {
    let result = try run("benchmark", "--preset", "tiny", "--batch", "2", "--steps", "2", "--threads", "1")
    #expect(result.status == 0, "\(result.errors)")
    let lines = result.text.split(separator: "\n")
    #expect(lines.count == 3 && lines[0].hasPrefix("preset") && lines[1].hasPrefix("tiny"))
    let figures = try JSONDecoder().decode(SpeedTest.Figures.self, from: Data(lines[2].utf8))
    // Random tokens cannot be predicted: the loss is near that of equal probabilities, and above it because of a few
    // steps at the full learning rate without warm-up.
    #expect((log(775) - 0.5...log(775) + 2).contains(figures.loss) && figures.tokensPerSecond > 0)
    #expect(figures.peakBytes > 50_000_000)
    #expect(try run("benchmark", "--preset", "huge").status == 64)
    #expect(try run("benchmark", "--precision", "float8").status == 64)
  }

  /// The script trains from a folder of music to an exported model, as `make train-gpu` does on a GPU.
  @Test func theToolTrainsFromMusicToAModel() throws {
    let programs = CommandLineProgram.executable("aurl-train").deletingLastPathComponent().path
    func checkout(_ path: String) -> String { CommandLineProgram.checkout.appendingPathComponent(path).path }
    func train() throws -> CommandLineProgram.Result {
      try CommandLineProgram.run(
        "/usr/bin/env",
        [
          "PRESET=tiny", "DEVICE=cpu", "BATCH=2", "PROGRAMS=\(programs)", "OMP_NUM_THREADS=1",
          "CORPUS=--valid-share 0.3",
          "SETTINGS=length.tokens=4000 length.steps=8 optimizer.warmUpSteps=1 evaluation.windows=2 run.threads=1",
          checkout("Tools/train/run"), folder.path("run"), "1", checkout("corpus"),
        ])
    }
    let first = try train()
    try #require(first.status == 0, "\(first.errors)")
    #expect(first.text.contains("importance-weighted"))
    let model = try ModelFile(path: folder.path("run/model.safetensors"))
    #expect(model.configuration == .tiny && model.metadata.step == 8)
    #expect(FileManager.default.fileExists(atPath: folder.path("run/evaluation.html")))
    // Everything exists already: the run has finished and is only exported again.
    let again = try train()
    #expect(again.status == 0 && !again.errors.contains("beginning"), "\(again.errors)")
  }

  /// If the disk is full (here a limit on file sizes), the previous checkpoint stays intact.
  @Test func aFullDiskLeavesThePreviousCheckpoint() throws {
    let data = try TrainingData()
    let output = folder.path("run")
    let options =
      "--threads 1 --set run.logEverySteps=1 --set checkpoints.everySteps=2 --set evaluation.windows=2 "
      + "--set batch.windows=1"
    let program = CommandLineProgram.executable("aurl-train").path
    let first = try CommandLineProgram.run(
      "/bin/bash",
      [
        "-c", "\"$0\" \"$1\" -o \"$2\" --set model.preset=tiny --set length.steps=4 \(options)", program,
        data.dataset.path, output,
      ])
    #expect(first.status == 0, "\(first.errors)")
    let second = try CommandLineProgram.run(
      "/bin/bash", ["-c", "ulimit -f 500; \"$0\" --resume -o \"$1\" --set length.steps=8 \(options)", program, output])
    #expect(second.status == 74)
    #expect(
      second.errors.contains("Warning: \(output)/last") && second.errors.contains("the previous checkpoint is kept"))
    #expect(second.errors.split(separator: "\n").last?.hasPrefix("Error: ") == true)
    #expect(try ModelFile(path: RunFolder(path: output).last).metadata.step == 4)
    let third = try run("--resume", "-o", output, "--set", "length.steps=6", "--threads", "1")
    #expect(third.status == 0 && third.errors.contains("resuming after step 4"), "\(third.errors)")
  }
}
