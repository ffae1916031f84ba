/// An invalid field of a configuration.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path of the field, such as `latents.phrase`.
  public var field: String
  /// The reason.
  public var reason: String

  public var description: String { "\(field) \(reason)" }
}

extension Configuration {
  /// Checks that the configuration describes a model that can be built: sizes divide as required, and are limited, so
  /// that a file cannot demand unreasonable amounts of memory.
  ///
  /// - Throws: `ConfigurationError` for the first field that is wrong.
  public func validate() throws(ConfigurationError) {
    try check("width", width, in: 2...16_384)
    try check("heads", heads, in: 1...width / 2)
    try check("width", width, isMultipleOf: heads, "heads")
    guard headWidth.isMultiple(of: 2) else {
      throw ConfigurationError(
        field: "heads", reason: "is \(heads), which makes heads \(headWidth) wide; rotary positions need an even width")
    }
    try check("feedForward", feedForward, in: 1...65_536)
    try check("encoderLayers", encoderLayers, in: (latents == nil ? 0 : 1)...128)
    try check("decoderLayers", decoderLayers, in: 1...128)
    try check("window", window, in: 2...65_536)
    if let latents { try validate(latents) }
    if let chart { try validate(chart) }
    try validateSize()
  }

  private func validate(_ latents: Latents) throws(ConfigurationError) {
    for level in Level.allCases { try check("latents.\(level)", latents.dimensions(of: level), in: 1...4096) }
    try check("latents.windowLength", latents.windowLength, in: 1...window)
    try check("window", window, isMultipleOf: latents.windowLength, "latents.windowLength")
    try check("latents.phraseLength", latents.phraseLength, in: 1...latents.windowLength)
    try check("latents.windowLength", latents.windowLength, isMultipleOf: latents.phraseLength, "latents.phraseLength")
    try check("latents.localLength", latents.localLength, in: 1...latents.phraseLength)
    try check("latents.phraseLength", latents.phraseLength, isMultipleOf: latents.localLength, "latents.localLength")
    try check("latents.mixtureComponents", latents.mixtureComponents, in: 1...4096)
    try check("latents.flowLayers", latents.flowLayers, in: 1...128)
    try validate(latents.plan)
  }

  private func validate(_ plan: Plan) throws(ConfigurationError) {
    try check("latents.plan.width", plan.width, in: 2...4096)
    try check("latents.plan.heads", plan.heads, in: 1...plan.width / 2)
    try check("latents.plan.width", plan.width, isMultipleOf: 2 * plan.heads, "twice latents.plan.heads")
    try check("latents.plan.feedForward", plan.feedForward, in: 1...65_536)
    try check("latents.plan.layers", plan.layers, in: 1...128)
    try check("latents.plan.windows", plan.windows, in: 1...1024)
  }

  private func validate(_ chart: Chart) throws(ConfigurationError) {
    try check("chart.width", chart.width, in: 2...4096)
    try check("chart.heads", chart.heads, in: 1...chart.width / 2)
    try check("chart.width", chart.width, isMultipleOf: 2 * chart.heads, "twice chart.heads")
    try check("chart.feedForward", chart.feedForward, in: 1...65_536)
    try check("chart.layers", chart.layers, in: 1...128)
    try check("chart.window", chart.window, in: 16...65_536)
  }

  /// The bounds of single fields still allow products that no machine could hold.
  private func validateSize() throws(ConfigurationError) {
    let parameters = tensors.reduce(0) { $0 + $1.count }
    guard parameters <= Self.mostParameters else {
      throw ConfigurationError(
        field: "width",
        reason: "and the numbers of layers make \(parameters) parameters; \(Self.mostParameters) at most")
    }
    let cache = 2 * window * width * decoderLayers
    guard cache <= Self.mostParameters else {
      throw ConfigurationError(
        field: "window",
        reason: "is \(window), which makes keys and values of \(cache) numbers; \(Self.mostParameters) at most")
    }
  }

  /// Eight gigabytes in single precision.
  private static var mostParameters: Int { 1 << 31 }
}

func check(_ field: String, _ value: Int, in range: ClosedRange<Int>) throws(ConfigurationError) {
  guard range.contains(value) else {
    throw ConfigurationError(field: field, reason: "is \(value), not \(range.lowerBound)…\(range.upperBound)")
  }
}

func check(
  _ field: String, _ value: Int, isMultipleOf divisor: Int, _ name: String
) throws(ConfigurationError) {
  guard value.isMultiple(of: divisor) else {
    throw ConfigurationError(field: field, reason: "is \(value), not a multiple of \(name), which is \(divisor)")
  }
}
