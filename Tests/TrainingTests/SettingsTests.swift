import Datasets
import ModelFormat
import Testing
import Training

@Suite struct SettingsTests {
  private func settings(_ yaml: String = "", _ options: String...) throws(SettingsError) -> Settings {
    var assignments = try Assignment.all(yaml: yaml, file: "run.yaml")
    for option in options { assignments.append(try Assignment(option: option)) }
    return try Settings(assignments)
  }

  /// The message of an error.
  private func refusal(_ yaml: String = "", _ options: String...) -> String {
    do throws(SettingsError) {
      var assignments = try Assignment.all(yaml: yaml, file: "run.yaml")
      for option in options { assignments.append(try Assignment(option: option)) }
      _ = try Settings(assignments)
      return "accepted"
    } catch { return error.description }
  }

  @Test func anEmptyFileLeavesTheDefaults() throws {
    #expect(try settings("") == Settings())
    #expect(try settings("# nothing\n") == Settings())
    #expect(try settings("optimizer:\nkl: {}\n") == Settings())
  }

  @Test func valuesOfTheFileAndOptionsOnTop() throws {
    let settings = try settings(
      "optimizer:\n  learningRate: 2e-3\n  clip: null\nbatch: {windows: 4, accumulation: 3}\nrun:\n  device: cuda\n",
      "batch.windows=8", "batch.windows=9", "evaluation.patience=3", "length.tokens=6_500_000")
    #expect(settings.optimizer.learningRate == 2e-3)
    #expect(settings.optimizer.clip == nil)
    #expect(settings.batch.windows == 9 && settings.batch.accumulation == 3)
    #expect(settings.run.device == "cuda")
    #expect(settings.evaluation.patience == 3)
    #expect(settings.length.tokens == 6_500_000)
  }

  @Test func aPresetAppliesBeforeOtherSettings() throws {
    let settings = try settings("model:\n  width: 512\n", "model.preset=base")
    #expect(settings.model.width == 512)
    #expect(settings.model.configuration.decoderLayers == Configuration.base.decoderLayers)
    for (name, configuration) in Configuration.presets {
      #expect(try self.settings("model: {preset: \(name)}").model.configuration == configuration)
    }
    #expect(try self.settings("", "model.autoencoder=false").model.configuration.latents == nil)
  }

  /// Texts of which every setting accepts one that is not its default.
  private static let values = [
    "1", "2", "3", "4", "0.5", "0.75", "64", "128", "256", "512", "1024", "-1", "true", "false", "tiny", "mixture",
    "prior", "hinge", "exponential", "bfloat16", "cuda", "muon", "both", "relaxed", "keyboard=2.5,b/c=0", "a text",
  ]

  /// A setting that is changed changes nothing else, and is the same after it was written to a file and read.
  @Test(arguments: Setting.all) func eachSettingIsWrittenAndRead(_ setting: Setting) throws {
    func others(_ settings: Settings) -> [String] {
      Setting.all.filter { $0.key != setting.key }.map { "\($0.key)=\($0.value(in: settings))" }
    }
    let initial = setting.value(in: Settings())
    let changed = try #require(
      Self.values.lazy.compactMap { try? self.settings("", "\(setting.key)=\($0)") }.first {
        setting.value(in: $0) != initial
      }, "no other value for \(setting.key)")
    #expect(changed != Settings())
    if setting.key != "model.preset" { #expect(others(changed) == others(Settings())) }
    let text = changed.yaml()
    #expect(text != Settings().yaml() && text.contains(" \(setting.key.split(separator: ".").last ?? ""): "))
    let read = try settings(text)
    #expect(read == changed && setting.value(in: read) != initial)
    #expect(Setting.all.count { $0.key == setting.key } == 1)
  }

  @Test func valuesWithSpecialCharactersAreWrittenAndRead() throws {
    var changed = Settings()
    changed.data.path = "/a folder/with: \"odd\" \\ things"
    changed.run.output = "null"
    changed.data.weights = try #require(SourceWeights("a folder/with: \"odd\" \\ things=2.5,b/c=0"))
    changed.data.lateWeights = try #require(SourceWeights("b=1e-3"))
    changed.kl.schedule = .adaptive
    changed.optimizer.clip = nil
    changed.optimizer.epsilon = 1.25e-9
    changed.run.seed = .max
    #expect(try settings(changed.yaml()) == changed)
  }

  @Test func thePresetOfADefaultFileCanBeChanged() throws {
    let text = Settings().yaml(hidesPreset: true).replacing("preset: small", with: "preset: base")
    #expect(try settings(text).model.configuration == .base)
  }

  @Test(arguments: [
    ("optimzer.lr=1", "unknown setting 'optimzer.lr'; did you mean 'optimizer.learningRate'?"),
    ("optimizer.weightdecay=1", "did you mean 'optimizer.weightDecay'?"),
    ("learningRate=1", "did you mean 'optimizer.learningRate'?"),
    ("batch.size=1", "'batch."),
    ("model.latents.globl=1", "did you mean 'model.latents.global'?"),
    ("zzzzzzzz=1", "\"aurl-train settings\" lists all"),
    ("optimizer=1", "'optimizer' is a section; it has learningRate, finalShare"),
    ("batch.windows", "expected key=value"),
    ("=3", "expected key=value"),
    ("batch.windows=many", "batch.windows must be a whole number from 1 to 65536, not 'many'"),
    ("batch.windows=0", "a whole number from 1 to"),
    ("batch.windows=1.5", "a whole number"),
    ("optimizer.learningRate=nan", "a number from 0 to 10"),
    ("optimizer.clip=x", "or null, not 'x'"),
    ("kl.schedule=steep", "one of linear, exponential, cyclical, adaptive"),
    ("run.device=gpu", "run.device must be cpu, cuda or cuda:NUMBER"),
    ("run.device=cuda:x", "run.device must be"),
    (
      "data.weights=keyboard",
      "data.weights must be folders with their weights, such as keyboard=4, songs=0.25, not 'keyb"
    ),
    ("data.lateWeights=a=1,a=2", "data.lateWeights must be folders"),
    ("data.weights=a=-1", "data.weights must be folders"),
    ("data.lateShare=1.5", "a number from 0 to 1"),
    ("data.augmentation=maybe", "true or false"),
    ("model.preset=huge", "one of tiny, small, base"),
    ("model.heads=7", "model.width is 256, not a multiple of heads, which is 7"),
    ("model.latents.phraseLength=100", "model.latents.windowLength is 512, not a multiple of latents.phraseLength"),
    ("batch.firstLength=2048", "must not be longer than the window"),
    ("batch.firstLength=1", "batch.firstLength must be a whole number from 2 to 8192 or null, not '1'"),
  ]) func refusalsOfOptions(_ option: String, says message: String) {
    let text = refusal("", option)
    #expect(text.contains(message), "\(text)")
    #expect(text.hasPrefix("--set \(option): "), "\(text)")
    #expect(!text.contains("\n"))
  }

  @Test(arguments: [
    (
      "run:\n  seed: 3\noptimzer:\n  lr: 1\n", "run.yaml: line 3: unknown setting 'optimzer'; did you mean 'optimizer'?"
    ),
    (
      "optimizer:\n  lr: 1\n",
      "run.yaml: line 2: unknown setting 'optimizer.lr'; did you mean 'optimizer.learningRate'?"
    ),
    ("run:\n  seed: -1\n", "run.yaml: line 2: run.seed must be a whole number"),
    ("run:\n  seed: [1, 2]\n", "run.yaml: line 2: run.seed takes one value"),
    ("run:\n  seed: {a: 2}\n", "run.yaml: line 2: run.seed takes one value"),
    ("model:\n  heads: 6\n", "run.yaml: line 2: model.width is 256"),
    ("- 3\n", "run.yaml: line 1: expected settings such as"),
    ("text", "expected settings such as"),
    ("run:\n  seed: 1\n  seed: 2\n", "run.yaml: line 2: not valid YAML: seed occurs twice"),
    ("run: {seed: 1\n", "run.yaml: line 2: not valid YAML"),
    ("run:\n\tseed: 1\n", "run.yaml: line 2: not valid YAML"),
    ("run:\n  seed: 1\n---\nrun:\n  seed: 1\n", "not valid YAML"),
    ("run: *nobody\n", "not valid YAML"),
    ("? [a, b]\n: 3\n", "unknown setting"),
    (String(repeating: "[", count: 60_000), "not valid YAML"),
    (String(repeating: "- ", count: 30_000), "not valid YAML"),
    (String(repeating: "#", count: 70_000), "too large"),
    ("\u{0}\u{1}", "not valid YAML"),
  ]) func refusalsOfFiles(_ yaml: String, says message: String) {
    let text = refusal(yaml)
    #expect(text.contains(message), "\(text)")
    #expect(!text.contains("\n"))
  }
}
