internal import MusicFeatures
internal import MusicTokens

/// The hyperparameters of a critic, which determine the names and shapes of all its tensors. `docs/critic.md` defines
/// the network.
public struct CriticConfiguration: Codable, Hashable, Sendable {
  /// The width d of embeddings and hidden states; a multiple of four.
  public var width: Int
  /// Attention heads of every block; divides `width` into head widths that are even.
  public var heads: Int
  /// The width of the feed-forward layers.
  public var feedForward: Int
  /// The number of blocks of each tower.
  public var layers: Int
  /// The window of each tower in tokens. That of a scale is a multiple of that of the scale below.
  public var windows: Windows
  /// The dimensions of the model whose hidden states the context head knows; nil for a critic without one.
  public var context: Context?

  /// The dimensions of a model's decoder.
  public struct Context: Codable, Hashable, Sendable {
    /// The number of blocks.
    public var layers: Int
    /// The width of the hidden states.
    public var width: Int

    /// Creates dimensions.
    public init(layers: Int, width: Int) { (self.layers, self.width) = (layers, width) }
  }

  /// The window of each tower, in tokens.
  public struct Windows: Codable, Hashable, Sendable {
    /// The window of the local tower, in tokens.
    public var local: Int
    /// The window of the phrase tower, in tokens.
    public var phrase: Int
    /// The window of the global tower, in tokens.
    public var global: Int

    /// Creates window lengths.
    public init(local: Int = 32, phrase: Int = 128, global: Int = 256) {
      self.local = local
      self.phrase = phrase
      self.global = global
    }

    /// The window of a tower, in tokens.
    public subscript(scale: Configuration.Level) -> Int {
      switch scale {
      case .local: local
      case .phrase: phrase
      case .global: global
      }
    }
  }

  /// Creates a configuration.
  public init(
    width: Int = 96, heads: Int = 6, feedForward: Int = 192, layers: Int = 2, windows: Windows = Windows(),
    context: Context? = nil
  ) {
    self.width = width
    self.heads = heads
    self.feedForward = feedForward
    self.layers = layers
    self.windows = windows
    self.context = context
  }

  /// The width of an attention head.
  public var headWidth: Int { width / heads }

  /// A critic for tests.
  public static let tiny = CriticConfiguration(
    width: 32, heads: 2, feedForward: 64, layers: 2, windows: Windows(local: 8, phrase: 16, global: 32))

  /// The weight of each scale in the combined score.
  public static let weights = PerLevel(global: 0.2, phrase: 0.4, local: 0.4)
}

extension CriticConfiguration {
  /// All tensors of an exported critic, in the order of `docs/critic.md`. O(layers).
  public var tensors: [TensorDescription] {
    var list = [
      TensorDescription("embedding.weight", [Int(Token.count), width]),
      TensorDescription("planes.weight", [width, KeyPlanes.count]),
    ]
    for group in PositionFeatures.Group.allCases {
      list.append(TensorDescription("features.\(group).weight", [width / 4, group.count, 3]))
      list.append(TensorDescription("features.\(group).bias", [width / 4]))
    }
    for scale in Configuration.Level.allCases {
      for layer in 0..<layers {
        let name = "\(scale).blocks.\(layer)"
        list.append(TensorDescription(name + ".gate.weight", [width, width]))
        list += TensorDescription.block(name, width: width, feedForward: feedForward)
      }
      list += [
        TensorDescription("\(scale).norm.weight", [width]),
        TensorDescription("\(scale).head.weight", [1, 2 * width]),
        TensorDescription("\(scale).head.bias", [1]),
      ]
    }
    if let context {
      list.append(TensorDescription("context.weight", [1, context.layers * context.width + 1]))
      list.append(TensorDescription("context.bias", [1]))
    }
    return list
  }

  /// Checks that the configuration describes a critic that can be built.
  ///
  /// - Throws: `ConfigurationError` for the first field that is wrong.
  public func validate() throws(ConfigurationError) {
    try check("width", width, in: 4...4096)
    try check("width", width, isMultipleOf: 4, "the number of groups of features")
    try check("heads", heads, in: 1...width / 2)
    try check("width", width, isMultipleOf: 2 * heads, "twice heads")
    try check("feedForward", feedForward, in: 1...65_536)
    try check("layers", layers, in: 1...64)
    try check("windows.local", windows.local, in: 2...4096)
    try check("windows.phrase", windows.phrase, in: windows.local...8192)
    try check("windows.phrase", windows.phrase, isMultipleOf: windows.local, "windows.local")
    try check("windows.global", windows.global, in: windows.phrase...16_384)
    try check("windows.global", windows.global, isMultipleOf: windows.phrase, "windows.phrase")
    if let context {
      try check("context.layers", context.layers, in: 1...1024)
      try check("context.width", context.width, in: 1...65_536)
    }
  }
}
