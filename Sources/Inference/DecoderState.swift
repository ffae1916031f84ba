internal import CKernels
public import ModelFormat
public import MusicFeatures

/// A stream of tokens that a model writes or reads: what it has seen, and the latents that it is under.
///
///     let state = DecoderState(model)
///     state.use(latents)
///     var logits = state.prefill([Configuration.Vocabulary.bos] + prompt)
///     while let token = sample(logits) { logits = state.step(token) }
///
/// It attends to the last `window` positions, for as long as a stream lasts. All memory is taken at creation; a step
/// takes none and waits for nothing. Several states of one model may work at once, each on one thread at a time.
/// However tokens are divided among calls, the logits have the same bits. The last tokens can be taken back (`rewind`).
public final class DecoderState {
  public let model: Model
  /// Tokens taken in since the stream began.
  public internal(set) var position = 0
  /// What is known of the keyboard after the tokens that were taken in.
  public internal(set) var keyboard = KeyboardState()

  private let arena: Arena
  let space: Workspace
  private let caches: [AurlCache]
  /// The logits of a call, a row for each token that has them.
  private let logits: UnsafeMutablePointer<Float>
  /// What the interval head weighs the keys with, a row for each token of a call that has logits.
  private let intervals: UnsafeMutablePointer<Float>
  let latents: LatentProjections?
  /// The first position that there is anything of.
  private(set) var start = 0
  /// The place in the latents' window of the next token.
  var offset = 0
  /// The last tokens, and what was in force before them, so that they can be taken back.
  var past: DecoderPast

  private static let logitStride = (Configuration.Vocabulary.eos + 1 + 15) & -16
  private static let intervalStride = (Configuration.Intervals.weights + 15) & -16

  /// - Parameter chunk: how many tokens `prefill` and `score` take at once, and `rewind` takes back, at most; more is
  ///   faster and takes more memory.
  public init(_ model: Model, chunk: Int = 64) {
    precondition(chunk > 0, "a chunk has a token at least")
    self.model = model
    let c = model.configuration
    // The first token of a chunk must still see a whole window when the keys of the last one are there.
    let positions = c.window + chunk
    let blocks = model.decoder.blocks
    let cacheBytes = blocks.map {
      AurlCache.byteCount(of: $0.cacheElement, positions: positions, heads: c.heads, headWidth: c.headWidth)
    }
    let arena = Arena(
      byteCount: cacheBytes.reduce(0, +)
        + Workspace.byteCount(BlockShape(c), inputs: c.inputs, capacity: chunk, positions: positions)
        + LatentProjections.byteCount(c) + DecoderPast.byteCount(chunk)
        + chunk * (Self.logitStride + Self.intervalStride) * MemoryLayout<Float>.stride + 128)
    space = Workspace(BlockShape(c), inputs: c.inputs, capacity: chunk, positions: positions, in: arena)
    logits = arena.floats(chunk * Self.logitStride)
    intervals = arena.floats(chunk * Self.intervalStride)
    latents = c.latents.map { LatentProjections(c, $0, in: arena) }
    past = DecoderPast(capacity: chunk, in: arena)
    caches = blocks.map {
      AurlCache(of: $0.cacheElement, positions: positions, heads: c.heads, headWidth: c.headWidth, in: arena)
    }
    self.arena = arena
  }

  /// Forgets all tokens. The latents stay, from their start.
  ///
  /// - Parameter keyboard: what is known of the keyboard before the first token to come.
  public func reset(_ keyboard: KeyboardState = KeyboardState()) {
    self.keyboard = keyboard
    reset(at: 0)
  }

  /// Begins anew at a position, as if the stream had lasted so long.
  package func reset(at position: Int) {
    start = position
    self.position = position
    offset = 0
    past.begin(at: position, keyboard)
  }

  /// Takes latents for the tokens to come, of which the next is the one at `offset` of their latent window. What comes
  /// after that keeps the latents of its last segment. O(segments).
  ///
  /// - Precondition: The model has latents, and these have its dimensions.
  public func use(_ latents: Latents, at offset: Int = 0) {
    guard let projections = self.latents else { preconditionFailure("this model has no latents") }
    precondition(offset >= 0, "a window has no negative position")
    projections.project(latents, model.decoder.latents, model.kernels)
    self.offset = offset
    past.note(latents, at: offset, position: position)
  }

  /// Takes one token in, and predicts the next.
  ///
  /// - Precondition: `token` is a row of the embedding. 0…775 make sense: tokens, BOS and EOS.
  public func step(_ token: Int) -> Logits {
    embed(token, 0)
    advance(1)
    return predict(row: 0)
  }

  /// Takes tokens in, and predicts the one after them, as `step` does.
  ///
  /// - Precondition: There is a token.
  public func prefill(_ tokens: some Collection<Int>) -> Logits {
    precondition(!tokens.isEmpty, "there is no token to predict from")
    let count = forEachChunk(of: tokens) { _ in }
    return predict(row: count - 1)
  }

  /// The natural logarithm of the probability of each token after those before it.
  ///
  ///     state.reset()
  ///     let window = state.score(tokens)
  ///     let more = state.score(otherTokens, after: tokens[tokens.count - 1])
  ///
  /// - Parameter previous: the token before them, which has not been taken in yet. Of `tokens`, the last is not.
  public func score(
    _ tokens: some Collection<Int>, after previous: Int = Configuration.Vocabulary.bos
  ) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(tokens.count)
    var target = tokens.startIndex
    forEachChunk(of: [previous] + tokens.dropLast()) { count in
      guard target < tokens.endIndex else { return }
      head(from: 0, count: count)
      for row in 0..<count {
        result.append(logProbability(of: tokens[target], row: row))
        tokens.formIndex(after: &target)
      }
    }
    return result
  }

  /// Takes tokens in, as many at once as there is room for, and calls `body` with the number each time. Returns the last.
  @discardableResult
  private func forEachChunk(of tokens: some Collection<Int>, _ body: (Int) -> Void) -> Int {
    var count = 0
    var taken = 0
    for token in tokens {
      if count == space.capacity { count = 0 }
      embed(token, count)
      count += 1
      taken += 1
      if count == space.capacity || taken == tokens.count {
        advance(count)
        body(count)
      }
    }
    return count
  }

  private func embed(_ token: Int, _ row: Int) {
    keyboard.apply(UInt16(token))
    past.append(UInt16(token), at: position + row)
    KeyPlanes.write(keyboard, to: space.planes + row * KeyPlanes.count)
    model.embed(token, into: space.x + row * model.configuration.width)
  }

  /// Carries the first rows of the workspace through all blocks, as the tokens that come next.
  private func advance(_ count: Int) {
    let decoder = model.decoder
    space.addPlanes(decoder.planes, count: count, model.kernels)
    model.rotary.fill(space.cosines, space.sines, from: position, count: count)
    let span = AurlSpan(
      first: Int64(start), last: Int64(position), advance: 1, window: Int64(model.configuration.window))
    for layer in 0..<caches.count {
      latents?.add(layer: layer, offset: offset, count: count, to: space.x, model.kernels)
      decoder.blocks[layer].apply(
        space, count: count, position: position, cache: caches[layer], span: span, model.kernels)
    }
    position += count
    offset += count
  }

  /// The logits of one row.
  private func predict(row: Int) -> Logits {
    head(from: row, count: 1)
    return Logits(logits, in: arena)
  }

  /// Writes the logits of rows of the workspace to the first rows of `logits`.
  private func head(from row: Int, count: Int) {
    let width = model.configuration.width
    let decoder = model.decoder
    model.kernels.rmsNorm(
      space.x + row * width, weight: decoder.norm, into: space.normalized, width: width, count: count)
    model.kernels.linear(
      decoder.head, space.normalized, stride: width, into: logits, stride: Self.logitStride, count: count,
      scratch: space.linearScratch)
    model.kernels.linear(
      decoder.intervals, space.normalized, stride: width, into: intervals, stride: Self.intervalStride, count: count,
      scratch: space.linearScratch)
    for index in 0..<count {
      let logits = logits + index * Self.logitStride
      logits[Configuration.Vocabulary.eosLogit] = logits[Configuration.Vocabulary.eos]
      addIntervals(
        intervals + index * Self.intervalStride, space.planes + (row + index) * KeyPlanes.count, to: logits)
    }
  }

  private func logProbability(of token: Int, row: Int) -> Float {
    precondition(
      token != Configuration.Vocabulary.bos && (0...Configuration.Vocabulary.eos).contains(token),
      "\(token) is never predicted")
    let logits = logits + row * Self.logitStride
    let index = token == Configuration.Vocabulary.eos ? Configuration.Vocabulary.eosLogit : token
    return logits[index] - model.kernels.logSumExp(logits, count: Configuration.Vocabulary.logitCount)
  }
}
