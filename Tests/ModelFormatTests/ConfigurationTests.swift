import ModelFormat
import Testing

@Suite struct ConfigurationTests {
  @Test(arguments: Configuration.presets.map(\.configuration)) func presetsAreSound(preset: Configuration) throws {
    try preset.validate()
    var plain = preset
    plain.latents = nil
    plain.encoderLayers = 0
    try plain.validate()
  }

  /// A change to the preset `small` that makes it invalid, and the error message.
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var configuration: Configuration

    init(_ says: String, _ change: (inout Configuration, inout Configuration.Latents) -> Void) {
      testDescription = says
      configuration = .small
      var latents = Configuration.Latents()
      change(&configuration, &latents)
      if configuration.latents != nil { configuration.latents = latents }
    }
  }

  @Test(arguments: [
    Case("width is 0, not 2…16384") { model, _ in model.width = 0 },
    Case("width is -256, not 2…16384") { model, _ in model.width = -256 },
    Case("width is 9223372036854775807, not 2…16384") { model, _ in model.width = .max },
    Case("heads is 0, not 1…128") { model, _ in model.heads = 0 },
    Case("heads is 256, not 1…128") { model, _ in model.heads = 256 },
    Case("width is 256, not a multiple of heads, which is 7") { model, _ in model.heads = 7 },
    Case("heads is 4, which makes heads 3 wide; rotary positions need an even width") { model, _ in
      (model.width, model.heads) = (12, 4)
    },
    Case("feedForward is 0, not 1…65536") { model, _ in model.feedForward = 0 },
    Case("feedForward is 65537, not 1…65536") { model, _ in model.feedForward = 65_537 },
    Case("encoderLayers is 0, not 1…128") { model, _ in model.encoderLayers = 0 },
    Case("encoderLayers is -1, not 0…128") { model, _ in (model.encoderLayers, model.latents) = (-1, nil) },
    Case("encoderLayers is 129, not 1…128") { model, _ in model.encoderLayers = 129 },
    Case("decoderLayers is 0, not 1…128") { model, _ in model.decoderLayers = 0 },
    Case("decoderLayers is 1000000000, not 1…128") { model, _ in model.decoderLayers = 1_000_000_000 },
    Case("window is 0, not 2…65536") { model, _ in model.window = 0 },
    Case("window is 1, not 2…65536") { model, _ in (model.window, model.latents) = (1, nil) },
    Case("latents.windowLength is 512, not 1…500") { model, _ in model.window = 500 },
    Case("window is 1000, not a multiple of latents.windowLength, which is 512") { model, _ in model.window = 1000 },
    Case("latents.windowLength is 500, not a multiple of latents.phraseLength, which is 128") { model, latents in
      model.window = 500
      latents.windowLength = 500
    },
    Case("latents.plan.width is 130, not a multiple of twice latents.plan.heads, which is 8") { _, latents in
      latents.plan.width = 130
    },
    Case("latents.plan.layers is 0, not 1…128") { _, latents in latents.plan.layers = 0 },
    Case("latents.plan.windows is 0, not 1…1024") { _, latents in latents.plan.windows = 0 },
    Case("latents.global is 0, not 1…4096") { _, latents in latents.global = 0 },
    Case("latents.phrase is -1, not 1…4096") { _, latents in latents.phrase = -1 },
    Case("latents.local is 4097, not 1…4096") { _, latents in latents.local = 4097 },
    Case("latents.phraseLength is 0, not 1…512") { _, latents in latents.phraseLength = 0 },
    Case("latents.phraseLength is 1024, not 1…512") { _, latents in latents.phraseLength = 1024 },
    Case("latents.localLength is 0, not 1…128") { _, latents in latents.localLength = 0 },
    Case("latents.phraseLength is 128, not a multiple of latents.localLength, which is 48") { _, latents in
      latents.localLength = 48
    },
    Case("latents.mixtureComponents is 0, not 1…4096") { _, latents in latents.mixtureComponents = 0 },
    Case("latents.flowLayers is 129, not 1…128") { _, latents in latents.flowLayers = 129 },
    Case("width and the numbers of layers make 210462821952 parameters; 2147483648 at most") { model, _ in
      (model.width, model.feedForward, model.encoderLayers, model.decoderLayers) = (16_384, 16_384, 1, 128)
    },
    Case("window is 65536, which makes keys and values of 8589934592 numbers; 2147483648 at most") { model, _ in
      (model.window, model.width, model.decoderLayers, model.feedForward) = (65_536, 1024, 64, 4096)
    },
  ])
  func isRefused(unsound: Case) {
    #expect { try unsound.configuration.validate() } throws: { error in
      #expect("\(error)" == unsound.testDescription)
      return error is ConfigurationError
    }
  }

  /// The hash changes only with the vocabulary, so that existing files stay readable. The expected value was computed
  /// independently in another language from the table of ids in `docs/tokens.md`.
  @Test func vocabularyHash() { #expect(Configuration.Vocabulary.hash == "db13bc15e58e0d33") }
}
