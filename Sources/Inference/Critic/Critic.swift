internal import CKernels
internal import Glibc
public import ModelFormat
public import MusicFeatures

/// A trained critic in memory. Any number of threads can use it at once.
///
///     let critic = try Critic(path: "aurl-critic.safetensors")
///     for window in critic.listen(to: tokens) { print(window.scale, window.tokens, window.realism) }
///
/// The network is described in `docs/critic.md`. The score of a window depends only on its tokens and on the keyboard
/// state at its beginning.
public final class Critic: @unchecked Sendable {
  // Sendable: the memory behind the pointers is immutable once the critic exists.
  /// The metadata of its file.
  public let metadata: CriticMetadata
  let kernels: Kernels
  private let embedding: StoredRows
  private let planes: AurlMatrix
  private let features: [(group: PositionFeatures.Group, weight: AurlMatrix, bias: UnsafePointer<Float>)]
  private let towers: PerLevel<CriticTower>
  private let storage: Arena

  /// The part that is conditioned on all music before a phrase; nil if the critic has only its towers.
  public let contextHead: ContextHead?

  /// The dimensions of the critic.
  public var configuration: CriticConfiguration { metadata.configuration }

  /// The number of tokens before a stretch from which its keyboard state is computed.
  public static let context = 256

  /// Loads a critic from a file.
  ///
  /// - Throws: `ModelFormatError` if the file cannot be read or is not a valid critic.
  public convenience init(path: String, instructions: InstructionSet = .best) throws(ModelFormatError) {
    self.init(try CriticFile(path: path), instructions: instructions)
  }

  /// Loads a critic from an open file.
  ///
  /// - Precondition: The processor supports the instructions.
  public init(_ file: CriticFile, instructions: InstructionSet = .best) {
    metadata = file.metadata
    kernels = Kernels(instructions)
    contextHead = ContextHead(file)
    let weights = WeightLoader(file) { _ in true }
    embedding = weights.rows("embedding.weight")
    planes = weights.matrix("planes.weight")
    features = PositionFeatures.Group.allCases.map {
      ($0, weights.convolution("features.\($0).weight"), weights.numbers("features.\($0).bias"))
    }
    let configuration = file.configuration
    towers = PerLevel { CriticTower("\($0)", configuration, window: configuration.windows[$0], from: weights) }
    storage = weights.storage
  }

  /// The logit of each window of a stretch, for each scale; nil for the last window if it has less than half of its
  /// tokens.
  ///
  /// - Parameter group: a group of features to be replaced by its mean over the stretch at all positions.
  /// - Precondition: There is at least one token, and all ids are 0…773.
  public func logits(_ stretch: TokenWindow, leveling group: PositionFeatures.Group? = nil) -> PerLevel<[Double?]> {
    let (count, width) = (stretch.tokens.count, configuration.width)
    precondition(
      count > 0 && stretch.tokens.allSatisfy { $0 < Configuration.Vocabulary.bos },
      "a critic needs at least one token")
    let longest = configuration.windows.global
    let shape = BlockShape(configuration)
    let columns = PositionFeatures.Group.allCases.map(\.count).max() ?? 0
    let inputs = max(KeyPlanes.count, 3 * columns, 2 * width)
    let floats =
      (count + 1) * KeyPlanes.count + count * (PositionFeatures.count + 2 * width) + 3 * columns + longest * width
    let arena = Arena(
      byteCount: floats * MemoryLayout<Float>.stride + 8 * 64
        + Workspace.byteCount(shape, inputs: inputs, capacity: longest, positions: longest)
        + AurlCache.byteCount(positions: longest, heads: shape.heads, headWidth: shape.headWidth))
    defer { withExtendedLifetime(arena) {} }
    let space = Workspace(shape, inputs: inputs, capacity: longest, positions: longest, in: arena)
    let planeRows = arena.floats((count + 1) * KeyPlanes.count)
    let heard = arena.floats(count * PositionFeatures.count)
    let gates = arena.floats(count * width)
    let x = arena.floats(count * width)
    listen(stretch, planeRows, heard)
    extract(heard, count: count, into: gates, gathered: arena.floats(3 * columns), space)
    if let group { level(group, gates, count: count) }
    let scale = Float(width).squareRoot()
    for (row, token) in stretch.tokens.enumerated() {
      embedding.read(Int(token), scale: scale, into: x + row * width, kernels)
      kernels.add(gates + row * width, to: x + row * width, count: width)
    }
    for start in stride(from: 0, to: count, by: longest) {
      kernels.linear(
        planes, planeRows + (start + 1) * KeyPlanes.count, stride: KeyPlanes.count, into: x + start * width,
        stride: width, count: min(longest, count - start), accumulates: true, scratch: space.linearScratch)
    }
    let gate = arena.floats(longest * width)
    let cache = AurlCache(
      of: towers.local.cacheElement, positions: longest, heads: shape.heads, headWidth: shape.headWidth, in: arena)
    return towers.map { $0.logits(x, gates: gates, count: count, space, gate: gate, cache: cache, kernels) }
  }

  /// Replaces the extracted features of a group by their mean over all positions.
  private func level(_ group: PositionFeatures.Group, _ gates: UnsafeMutablePointer<Float>, count: Int) {
    let width = configuration.width
    let share = width / features.count
    guard let index = features.firstIndex(where: { $0.group == group }) else { return }
    for column in index * share..<(index + 1) * share {
      let mean = (0..<count).reduce(Float(0)) { $0 + gates[$1 * width + column] } / Float(count)
      for row in 0..<count { gates[row * width + column] = mean }
    }
  }

  /// Computes the key planes before the first token and after each token, and the features of each.
  private func listen(
    _ stretch: TokenWindow, _ planes: UnsafeMutablePointer<Float>, _ features: UnsafeMutablePointer<Float>
  ) {
    var keyboard = stretch.start
    KeyPlanes.write(keyboard, to: planes)
    for (row, token) in stretch.tokens.enumerated() {
      keyboard.apply(token)
      let before = planes + row * KeyPlanes.count
      KeyPlanes.write(keyboard, to: before + KeyPlanes.count)
      PositionFeatures.write(
        token, before: before, after: before + KeyPlanes.count, to: features + row * PositionFeatures.count)
    }
  }

  /// The feature convolutions at each position: [count, d].
  private func extract(
    _ heard: UnsafePointer<Float>, count: Int, into y: UnsafeMutablePointer<Float>,
    gathered: UnsafeMutablePointer<Float>, _ space: Workspace
  ) {
    let (width, segment) = (configuration.width, configuration.windows.local)
    let share = width / features.count
    for row in 0..<count {
      var first = 0
      for (index, (group, weight, bias)) in features.enumerated() {
        for place in -1...1 {
          let other = row + place
          // Neighbors in another local window are masked, as are positions beyond the ends.
          let isHeard = other >= 0 && other < count && other / segment == row / segment
          for feature in 0..<group.count {
            gathered[3 * feature + place + 1] = isHeard ? heard[other * PositionFeatures.count + first + feature] : 0
          }
        }
        let target = y + row * width + index * share
        kernels.linear(
          weight, gathered, stride: 3 * group.count, into: target, stride: share, scratch: space.linearScratch)
        kernels.add(bias, to: target, count: share)
        first += group.count
      }
    }
    kernels.gelu(y, count: count * width)
  }
}
