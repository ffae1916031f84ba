import Datasets
import Foundation
import MIDIFiles
import ModelFormat
import MusicFeatures
import MusicTokens
import TestSupport
import Testing

/// `aurl evaluate` with tiny models of random weights.
@Suite struct EvaluateTests {
  private let folder: TemporaryFolder
  private let model: String

  init() throws {
    folder = try TemporaryFolder()
    model = folder.path("model.safetensors")
    try SyntheticModel().write(to: model)
    for seed in 1...4 as ClosedRange<UInt64> { try add(seed, "valid/\(seed).mid") }
    for seed in 11...14 as ClosedRange<UInt64> { try add(seed, "train/\(seed).mid") }
  }

  private func add(_ seed: UInt64, _ name: String) throws {
    _ = try folder.write(MIDIFile.bytes(of: RandomWalk(seed, notes: 0..<120).score), to: "music/\(name)")
  }

  private var valid: String { folder.path("music/valid") }
  private var train: String { folder.path("music/train") }

  private func evaluate(_ arguments: [String], model: String? = nil) throws -> CommandLineProgram.Result {
    try CommandLineProgram.run("aurl", ["evaluate", "--model", model ?? self.model] + arguments)
  }

  /// The JSON of a successful evaluation.
  private func report(_ arguments: String..., model: String? = nil) throws -> [String: Any] {
    let result = try evaluate(arguments + ["--json"], model: model)
    try #require(result.status == 0, "\(result.errors)")
    return try #require(JSONSerialization.jsonObject(with: result.output) as? [String: Any])
  }

  /// All windows of the held-out files.
  private func windows() throws -> [[UInt16]] {
    try (1...4).flatMap { seed in
      let tokens = try TokenEncoder().encode(
        MIDIFile(
          bytes: Array(
            Data(
              contentsOf: URL(
                fileURLWithPath: "\(valid)/\(seed).mid")))
        ).score)
      return Windows.consecutive(of: tokens.map(\.rawValue), length: Configuration.tiny.window).map(\.tokens)
    }
  }

  // MARK: Figures

  @Test func figuresAreThoseOfTheMusic() throws {
    let report = try report(valid, "--training", train, "--samples", "8", "--takes", "0")
    #expect(report["schema"] as? String == "aurl-evaluation/1")
    let windows = try windows()
    let predictions = windows.reduce(0) { $0 + $1.count }
    let notes = windows.joined().count { $0 < 128 }
    #expect(report.number("music", "tokens") == Double(predictions))
    #expect(report.number("music", "notes") == Double(notes))
    #expect(report.number("music", "windows") == Double(windows.count))
    let baselines = ["uniform", "unigram"].map { report.number("baselines", $0) ?? 0 }
    #expect(abs(baselines[0] - log(775)) < 1e-9)
    #expect(abs(baselines[1] - (try unigram(windows))) < 1e-9)
    #expect((report.number("baselines", "kneserNey5") ?? 9) < baselines[1])
    let nats = try #require(report.number("natsPerToken"))
    // With informative latents, a bound from eight samples is far tighter than one from a single sample.
    let elbo = try #require(report.number("elbo"))
    #expect(elbo > nats + 0.01)
    let levels = try #require((report["latents"] as? [String: Any])?["levels"] as? [[String: Any]])
    let divergence = levels.reduce(0) { $0 + ($1.number("natsPerToken", "value") ?? 0) }
    let own = try #require(report.number("latents", "own", "natsPerToken", "value"))
    #expect(abs(elbo - (own + divergence)) < 1e-9)
    let perNote = try #require(report.number("natsPerNote"))
    #expect(abs(perNote - nats * Double(predictions) / Double(notes)) < 1e-9)
    let seconds = try #require(report.number("music", "seconds"))
    let bits = try #require(report.number("bitsPerSecond"))
    #expect(abs(bits - nats * Double(predictions) / M_LN2 / seconds) < 1e-9)
    #expect(report.number("likelihood", "importanceWeighted", "natsPerToken", "value") == nats)
    let cost = try #require(report.number("baselineCost", "uniform", "value"))
    #expect(abs(cost - (baselines[0] - nats)) < 1e-9)
    #expect(report["overlapArea"] == nil && report["takes"] == nil && report["memorization"] == nil)
  }

  /// The mean cost of the windows in nats a token under the token frequencies of the training files' windows.
  private func unigram(_ windows: [[UInt16]]) throws -> Double {
    var counts = [UInt16: Double]()
    for seed in 11...14 as ClosedRange<UInt64> {
      let tokens = try TokenEncoder().encode(RandomWalk(seed, notes: 0..<120).score).map(\.rawValue)
      for id in Windows.consecutive(of: tokens, length: 128).flatMap(\.tokens) { counts[id, default: 0] += 1 }
    }
    let total = counts.values.reduce(0, +) + 775
    let all = windows.joined().map { -log(((counts[$0] ?? 0) + 1) / total) }
    return all.reduce(0, +) / Double(all.count)
  }

  /// If the decoder ignores the latents, the bound is the decoder's own likelihood, and the ELBO adds the whole KL
  /// divergence to it.
  @Test func boundsOfAModelThatIgnoresItsLatents() throws {
    var deaf = SyntheticModel()
    for name in deaf.tensors.keys {
      let isHeard = name.hasSuffix(".latents.weight")
      // The posteriors of the lower levels are wide, so that few samples determine their bound.
      let isVague = name.hasSuffix("phrase.posterior.output.bias") || name.hasSuffix("local.posterior.output.bias")
      let isEncoded = name.hasPrefix("encoder.") && name.contains(".posterior.output.")
      let isPlanned = name.hasPrefix("prior.plan.") && name.hasSuffix("output.weight")
      guard isHeard || isEncoded || isPlanned, let count = deaf.tensors[name]?.count else { continue }
      deaf.tensors[name] = (0..<count).map { isVague && $0 >= count / 2 ? 100 : 0 }
    }
    try deaf.write(to: folder.path("deaf"))
    try SyntheticModel.plain.write(to: folder.path("plain"))
    let report = try report(
      valid, "--decoder-only", folder.path("plain"), "--samples", "16", "--takes", "0", model: folder.path("deaf"))
    let exact = try #require(report.number("baselines", "decoderOnly"))
    let bound = try #require(report.number("natsPerToken"))
    #expect(abs(bound - exact) < 0.005)
    let levels = try #require((report["latents"] as? [String: Any])?["levels"] as? [[String: Any]])
    let divergence = levels.reduce(0) { $0 + ($1.number("natsPerToken", "value") ?? 0) }
    #expect(abs((report.number("elbo") ?? 0) - (exact + divergence)) < 1e-4)
    #expect(report.number("latents", "shuffleCost", "value") == 0 && report.number("latents", "zeroCost", "value") == 0)
    #expect(levels.map { $0["activeUnits"] as? Int }.first == 0)
    let plain = try self.report(valid, "--takes", "0", model: folder.path("plain"))
    #expect(abs((plain.number("natsPerToken") ?? 0) - exact) < 1e-9)
    #expect(plain["elbo"] == nil && plain["latents"] == nil && plain["reconstruction"] == nil)
    #expect(plain.number("likelihood", "exact", "natsPerToken", "value") == plain.number("natsPerToken"))
  }

  @Test func takesAreJudgedByRealMusic() throws {
    let report = try report(
      valid, "--training", train, "--samples", "1", "--windows", "2", "--takes", "6", "--seconds", "5")
    #expect(report.number("takes", "count") == 6 && report.number("takes", "repairs") == 0)
    #expect(report.number("takes", "seconds", "largest") == 5)
    #expect((report.number("grammar", "ungrammaticalRate", "value") ?? 0) > 0.1, "random weights know no grammar")
    for feature in ["pitch", "pitchClass", "interval", "interOnset", "noteLength", "velocity", "polyphony"] {
      let areas = ["takes", "training", "halves"].map { report.number("overlapArea", feature, $0) }
      for area in areas.compactMap(\.self) { #expect(0...1.01 ~= area, "\(feature)") }
      #expect(areas[1] != nil || feature == "velocity", "\(feature)")
    }
    // Random takes repeat nothing of the training music; the training music itself is found in it.
    let remembered = try self.report(
      valid, "--training", valid, "--samples", "1", "--windows", "2", "--takes", "6", "--seconds", "5")
    let noise = try #require(remembered.number("memorization", "samples", "largest"))
    #expect((remembered.number("memorization", "heldOut", "median") ?? 0) > max(10, noise))
    #expect((report.number("memorization", "heldOut", "largest") ?? 99) < 10)
    #expect(report.number("music", "windows") == 2)
  }

  @Test func takesAreThoseOfGenerate() throws {
    let sampling = ["--seed", "5", "--seconds", "3", "--temperature", "0.7", "--top-k", "300"]
    let result = try CommandLineProgram.run(
      "aurl", ["generate", "--model", model, "--count", "4", "--json", "-o", folder.path("takes")] + sampling)
    let lines = try result.text.split(separator: "\n").map {
      try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    let notes = lines.compactMap { $0.number("notes") }
    let arguments = [valid, "--samples", "1", "--windows", "1", "--takes", "4", "--json"] + sampling
    let output = try evaluate(arguments).output
    let report = try #require(JSONSerialization.jsonObject(with: output) as? [String: Any])
    #expect(notes.count == 4 && report.number("takes", "notes", "largest") == notes.max())
    #expect(abs((report.number("takes", "notes", "mean") ?? 0) - notes.reduce(0, +) / 4) < 1e-9)
  }

  @Test func figuresDoNotDependOnTheNumberOfJobs() throws {
    let arguments = [
      valid, "--training", train, "--samples", "2", "--windows", "9", "--takes", "5", "--seconds", "3", "--json",
    ]
    let results = try ["1", "3"].map { try evaluate(arguments + ["--jobs", $0]) }
    #expect(results[0].status == 0 && results[0].output == results[1].output && !results[0].output.isEmpty)
  }

  @Test func theSeedChangesFiguresAndTakes() throws {
    let reports = try ["1", "2"].map {
      try report(valid, "--samples", "2", "--windows", "3", "--takes", "2", "--seconds", "3", "--seed", $0)
    }
    #expect(reports[0].number("natsPerToken") != reports[1].number("natsPerToken"))
    #expect(reports[0].number("takes", "notes", "mean") != reports[1].number("takes", "notes", "mean"))
  }

  @Test func quickIsLessOfEverything() throws {
    let report = try report(valid, "--quick", "--seconds", "1", "--windows", "2")
    #expect(report.number("takes", "count") == 40 && report.number("settings", "importanceSamples") == 8)
  }

  /// Weights that are finite but so large that what is computed from them overflows.
  @Test func aModelThatComputesNoNumbersIsDamaged() throws {
    for (name, synthetic) in [("model", SyntheticModel()), ("plain", SyntheticModel.plain)] {
      var model = synthetic
      for name in model.tensors.keys where name.hasSuffix("embedding.weight") {
        model.tensors[name] = model.tensors[name]?.map { $0 < 0 ? -3e38 : 3e38 }
      }
      try model.write(to: folder.path(name))
      try expectError(65, [valid, "--windows", "1"], model: folder.path(name), says: "\(name): ")
    }
    try expectError(65, [valid, "--windows", "1", "--decoder-only", folder.path("plain")], says: "plain: ")
    try expectError(66, [valid, "--decoder-only", folder.path("none")], says: "none")
  }

  @Test func aDatasetIsItsHeldOutPieces() throws {
    let built = try CommandLineProgram.aurl("corpus", "build", folder.path("music"), "-o", folder.path("data"), "-q")
    try #require(built.status == 0, "\(built.errors)")
    let data = folder.path("data")
    let options = ["--samples", "1", "--takes", "3", "--seconds", "3"]
    let results = [
      try evaluate([valid, "--training", train, "--json"] + options),
      try evaluate([data, "--training", data, "--json"] + options),
    ]
    #expect(results.map(\.status) == [0, 0])
    var reports = results.map(\.text)
    reports[1] = reports[1].replacingOccurrences(of: "\"folder\":\"\(data)\"", with: "\"folder\":\"\(valid)\"")
    reports[1] = reports[1].replacingOccurrences(of: "\"training\":\"\(data)\"", with: "\"training\":\"\(train)\"")
    #expect(reports[0] == reports[1])
  }

  // MARK: Takes from a folder

  /// Evaluates the training files as if they were takes, against eight held-out files and without a model.
  private func judgment(_ arguments: String...) throws -> CommandLineProgram.Result {
    for seed in 21...28 as ClosedRange<UInt64> {
      _ = try folder.write(
        MIDIFile.bytes(of: RandomWalk(seed, notes: 100..<120).score), to: "music/held-out/\(seed).mid")
    }
    return try CommandLineProgram.run(
      "aurl", ["evaluate", folder.path("music/held-out"), "--takes-from", train, "--seconds", "2", "-q"] + arguments)
  }

  @Test func takesOfAFolderAreJudgedWithoutAModel() throws {
    let result = try judgment("--json", "--training", train)
    try #require(result.status == 0, "\(result.errors)")
    let report = try #require(JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    #expect(report["model"] == nil && report["natsPerToken"] == nil && report["grammar"] == nil)
    #expect(report.number("music", "windows") == nil && (report.number("music", "notes") ?? 0) > 100)
    #expect(report.number("takes", "count") == 4 && report.number("excerpts", "takes") == 4)
    #expect(report.number("excerpts", "real") == 4 && report.number("excerpts", "training") == 4)
    for side in ["takes", "real", "training"] {
      let spread = ["lowerQuartile", "median", "upperQuartile"].compactMap {
        report.number("coherence", side, "repeatedTopNotes", $0, "value")
      }
      #expect(spread.count == 3 && spread == spread.sorted() && spread.allSatisfy { 0...1 ~= $0 }, "\(side)")
    }
    // Only the confidence intervals depend on the seed.
    let other = try judgment("--json", "--training", train, "--seed", "2")
    let again = try #require(JSONSerialization.jsonObject(with: other.output) as? [String: Any])
    #expect(
      again.number("coherence", "real", "inScale", "median", "value")
        == report.number("coherence", "real", "inScale", "median", "value"))
    let table = try judgment("--takes", "3").text
    #expect(table.contains("3 takes of 2.0 s") && table.contains("meter strength") && !table.contains("nats/token"))
    #expect(table.contains("– needs five pieces and takes"))
  }

  @Test func thePageRevealsWhichAreTakesOnlyOnRequest() throws {
    let page = folder.path("page.html")
    let result = try judgment("--html", page)
    try #require(result.status == 0, "\(result.errors)")
    let visit = try Browser.visit(
      String(contentsOfFile: page, encoding: .utf8), size: (500, 900),
      check: """
        const cards = [...document.querySelectorAll("#rolls button")];
        const labels = () => cards.map((card) => card.textContent).join("|");
        const before = labels();
        cards[0].click();
        const first = cards[0].textContent;
        document.getElementById("reveal").click();
        await frame();
        const canvas = cards[0].querySelector("canvas");
        const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        return [before, first, labels(), new Set(new Uint32Array(pixels.buffer)).size,
          document.documentElement.scrollWidth - document.documentElement.clientWidth,
          document.querySelectorAll("#measures figure").length].join("\\n");
        """)
    #expect(visit.console.isEmpty && visit.errors.isEmpty, "\(visit.console) \(visit.errors)")
    let lines = visit.result.split(separator: "\n").map(String.init)
    try #require(lines.count == 6)
    #expect(!lines[0].contains("Take ") && !lines[0].contains("Real"))
    #expect(lines[1].hasPrefix("Take ") || lines[1].hasPrefix("Real music"))
    #expect(lines[2].components(separatedBy: "Take ").count == 5)
    #expect(lines[2].components(separatedBy: "Real music").count >= 9)
    #expect((Int(lines[3]) ?? 0) > 3, "notes are drawn")
    #expect(lines[4] == "0", "nothing is wider than the page")
    #expect((Int(lines[5]) ?? 0) > 5)
    #expect(!visit.document.contains("NaN"))
  }

  // MARK: The table

  @Test func theTableSaysWhatIsMissingAndWhy() throws {
    let result = try evaluate([valid, "--samples", "1", "--windows", "3", "--takes", "0", "--color", "never"])
    #expect(result.status == 0)
    for line in [
      "importance-weighted", "3 of ", "Kneser-Ney 5-gram     – needs --training",
      "decoder only          – needs --decoder-only", "ungrammatical         – needs --takes", "token accuracy",
      "of 16",
    ] { #expect(result.text.contains(line), "\(line)\n\(result.text)") }
    #expect(!result.text.contains("\u{1B}"))
    try SyntheticModel.plain.write(to: folder.path("plain"))
    let plain = try evaluate([valid, "--takes", "2", "--seconds", "600"], model: folder.path("plain"))
    #expect(plain.text.contains("– the model has no latents") && plain.text.contains("– needs longer held-out music"))
  }

  // MARK: Errors

  private func expectError(
    _ status: Int32, _ arguments: [String], model: String? = nil, says text: String
  ) throws {
    let result = try evaluate(arguments, model: model)
    #expect(result.status == status && result.output.isEmpty, "\(arguments)")
    #expect(result.errors.contains(text), "\(arguments): \(result.errors)")
    #expect(status == 64 || result.errors.split(separator: "\n").last?.hasPrefix("Error: ") == true)
  }

  @Test func badInputHasItsExitCode() throws {
    try FileManager.default.createDirectory(atPath: folder.path("hollow"), withIntermediateDirectories: false)
    try expectError(66, [folder.path("hollow")], says: "no MIDI or token files there")
    try expectError(66, [folder.path("none")], says: "no such folder")
    _ = try folder.write(Array("<html></html>".utf8), to: "rubbish/page.mid")
    try expectError(65, [folder.path("rubbish")], says: "not one of its files has music")
    try expectError(69, [valid], model: folder.path("none.safetensors"), says: "none.safetensors")
    try expectError(64, [valid, "--decoder-only", model], says: "has latents")
    try expectError(64, [valid, "--windows", "0"], says: "at least one")
    try expectError(64, [valid, "--takes-from", train], says: "--takes-from evaluates takes and no model")
    try expectError(64, [valid, "--html", folder.path("page.html"), "--takes", "0"], says: "--html shows takes")
    try expectError(64, [valid, "--samples", "0"], says: "--samples 0")
    try expectError(64, [valid, "--takes", "9223372036854775807"], says: "--takes 9223372036854775807")
    try expectError(64, [valid, "--takes=-1"], says: "--takes -1")
    try expectError(64, [valid, "--seconds", "nan"], says: "--seconds")
    let noModel = try CommandLineProgram.run(
      "aurl", ["evaluate", valid], environment: ["AURL_MODEL": folder.path("gone"), "XDG_DATA_HOME": folder.path("")])
    #expect(noModel.status == 69, "\(noModel.errors)")
  }

  @Test func aModelOfOtherTokensIsRefused() throws {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: model))
    let hash = try #require(bytes.range(of: Data(Configuration.Vocabulary.hash.utf8)))
    bytes.replaceSubrange(hash, with: Data(String(repeating: "0", count: 16).utf8))
    try expectError(65, [valid], model: try folder.write(bytes, to: "other"), says: "other")
  }

  @Test func aDatasetWithoutHeldOutPiecesIsAnError() throws {
    _ = try CommandLineProgram.aurl(
      "corpus", "build", train, "-o", folder.path("data"), "-q", "--valid-share", "0")
    try expectError(65, [folder.path("data")], says: "no pieces in its part \"valid\"")
  }

  @Test func unreadableFilesAreSkipped() throws {
    _ = try folder.write(Array("<html></html>".utf8), to: "music/valid/page.mid")
    let result = try evaluate([valid, "--samples", "1", "--windows", "1", "--takes", "0", "--json"])
    #expect(result.status == 0 && result.errors.contains("page.mid: skipped: not a MIDI file"))
    #expect(result.text.contains("\"skipped\":1") && result.text.contains("\"pieces\":4"))
  }
}

extension [String: Any] {
  /// The number at the end of a path of keys.
  fileprivate func number(_ path: String...) -> Double? {
    var value: Any? = self
    for key in path { value = (value as? [String: Any])?[key] }
    return (value as? NSNumber)?.doubleValue
  }
}
