internal import CKernels
public import ModelFormat
public import MusicCore
public import MusicFeatures

/// The state of a decoder over a token stream: its key-value cache, its keyboard state and the latents in force.
///
///     let state = DecoderState(model)
///     state.use(latents)
///     var logits = state.prefill([Configuration.Vocabulary.bos] + prompt)
///     while let token = sample(logits) { logits = state.step(token) }
///
/// Attention is limited to the last `window` positions, for streams of any length. All memory is allocated at creation;
/// a step neither allocates nor blocks. Several states of one model may be used concurrently, each by one thread at a
/// time. The logits are bit-identical however tokens are divided among calls. The last tokens can be removed
/// (`rewind`).
public final class DecoderState {
  /// The model that computes it.
  public let model: Model
  /// The number of tokens read since the stream began.
  public internal(set) var position = 0
  /// The keyboard state after the tokens read so far.
  public internal(set) var keyboard = KeyboardState()
  /// The chords of the tokens to come, with times as in `keyboard`; nil for none. A model without charts ignores it.
  public var chart: ChordChart?

  private let arena: Arena
  let space: Workspace
  private let caches: [AurlCache]
  /// The logits of a call, one row per predicted token.
  private let logits: UnsafeMutablePointer<Float>
  /// The weights of the interval head, one row per predicted token.
  private let intervals: UnsafeMutablePointer<Float>
  /// The chart planes of each position of a call, and the same scaled as the embedding is, [chunk, planes].
  private let chartPlanes: UnsafeMutablePointer<Float>
  private let scaledChart: UnsafeMutablePointer<Float>
  /// The weights of the chord head, one row per predicted token.
  private let chords: UnsafeMutablePointer<Float>
  let latents: LatentProjections?
  /// The first position in the cache.
  private(set) var start = 0
  /// The offset of the next token in the latents' window.
  var offset = 0
  /// The history for `rewind`.
  var past: DecoderPast

  private static let logitStride = (Configuration.Vocabulary.eos + 1 + 15) & -16
  private static let intervalStride = (Configuration.Intervals.weights + 15) & -16
  private static let chordStride = (Configuration.Chords.weights + 15) & -16

  /// The maximum number of tokens that are processed at once.
  package var chunk: Int { space.capacity }

  /// - Parameter chunk: the maximum number of tokens that `prefill` and `score` process at once and that `rewind` can
  ///   remove; larger is faster and takes more memory.
  public init(_ model: Model, chunk: Int = 64) {
    precondition(chunk > 0, "a chunk has a token at least")
    self.model = model
    let c = model.configuration
    // The first token of a chunk must still see a whole window after the keys of the last one have been written.
    let positions = c.window + chunk
    let blocks = model.decoder.blocks
    let cacheBytes = blocks.map {
      AurlCache.byteCount(of: $0.cacheElement, positions: positions, heads: c.heads, headWidth: c.headWidth)
    }
    let arena = Arena(
      byteCount: cacheBytes.reduce(0, +)
        + Workspace.byteCount(BlockShape(c), inputs: c.inputs, capacity: chunk, positions: positions)
        + LatentProjections.byteCount(c) + DecoderPast.byteCount(chunk)
        + chunk * (Self.logitStride + Self.intervalStride + Self.chordStride + 2 * ChartPlanes.count)
        * MemoryLayout<Float>.stride + 320)
    space = Workspace(BlockShape(c), inputs: c.inputs, capacity: chunk, positions: positions, in: arena)
    logits = arena.floats(chunk * Self.logitStride)
    intervals = arena.floats(chunk * Self.intervalStride)
    chartPlanes = arena.floats(chunk * ChartPlanes.count)
    scaledChart = arena.floats(chunk * ChartPlanes.count)
    chords = arena.floats(chunk * Self.chordStride)
    latents = c.latents.map { LatentProjections(c, $0, in: arena) }
    past = DecoderPast(capacity: chunk, in: arena)
    caches = blocks.map {
      AurlCache(of: $0.cacheElement, positions: positions, heads: c.heads, headWidth: c.headWidth, in: arena)
    }
    self.arena = arena
  }

  /// Removes all tokens. The latents stay in force, from their start.
  ///
  /// - Parameter keyboard: the keyboard state before the next token.
  public func reset(_ keyboard: KeyboardState = KeyboardState()) {
    self.keyboard = keyboard
    reset(at: 0)
  }

  /// Restarts at a position, as if the stream already had that many tokens.
  package func reset(at position: Int) {
    start = position
    self.position = position
    offset = 0
    past.begin(at: position, keyboard)
  }

  /// Conditions the tokens to come on latents; the next token is at `offset` of their window. Tokens beyond the window
  /// keep the latents of its last segment. O(segments).
  ///
  /// - Precondition: The model has latents, and these have the same dimensions.
  public func use(_ latents: Latents, at offset: Int = 0) {
    guard let projections = self.latents else { preconditionFailure("this model has no latents") }
    precondition(offset >= 0, "a window has no negative position")
    projections.project(latents, model.decoder.latents, model.kernels)
    self.offset = offset
    past.note(latents, at: offset, position: position)
  }

  /// Makes this state equal to another one of the same model and chunk. O(tokens from `position` on).
  ///
  /// - Parameter position: the position before which both have read the same tokens, under the same latents.
  package func copy(_ other: DecoderState, from position: Int) {
    precondition(model === other.model && chunk == other.chunk, "only states of one model and chunk can be copied")
    // If this state was further ahead, it may have overwritten what precedes `position`.
    let isIntact = past.first <= position && past.end <= other.past.end
    let first = isIntact ? position : other.start
    for (cache, source) in zip(caches, other.caches) { cache.copy(source, from: first, to: other.position) }
    (start, self.position, offset, keyboard) = (other.start, other.position, other.offset, other.keyboard)
    chart = other.chart
    past.copy(other.past)
    if let latents, let source = other.latents { latents.copy(source) }
  }

  /// Reads one token and predicts the next.
  ///
  /// - Precondition: `token` is a row of the embedding; meaningful are 0…775: tokens, BOS and EOS.
  public func step(_ token: Int) -> Logits {
    embed(token, 0)
    advance(1)
    return predict(row: 0)
  }

  /// Reads tokens and predicts the one after them, as `step` does.
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
  /// - Parameter previous: the token before them, which has not been read yet. The last of `tokens` is not read.
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

  /// Reads tokens.
  ///
  /// - Returns: the mean over them of the hidden state after each block, divided at each position by its root mean
  ///   square: [layers · d].
  /// - Precondition: There is a token.
  package func meanStates(of tokens: some Collection<Int>) -> [Float] {
    precondition(!tokens.isEmpty, "there is no state to average")
    let width = model.configuration.width
    var means = [Float](repeating: 0, count: caches.count * width)
    forEachChunk(
      of: tokens,
      afterBlock: { layer, count in
        for row in 0..<count {
          let x = UnsafeBufferPointer(start: space.x + row * width, count: width)
          let square = x.reduce(0) { $0 + $1 * $1 } / Float(width)
          let factor = 1 / (square + 1e-6).squareRoot() / Float(tokens.count)
          for column in 0..<width { means[layer * width + column] += factor * x[column] }
        }
      })
    return means
  }

  /// Reads tokens in chunks and calls `body` with the size of each, and before that `afterBlock` with the index of each
  /// block and the size. Returns the last size.
  @discardableResult
  private func forEachChunk(
    of tokens: some Collection<Int>, _ body: (Int) -> Void = { _ in },
    afterBlock: (_ layer: Int, _ count: Int) -> Void = { _, _ in }
  ) -> Int {
    var count = 0
    var taken = 0
    for token in tokens {
      if count == space.capacity { count = 0 }
      embed(token, count)
      count += 1
      taken += 1
      if count == space.capacity || taken == tokens.count {
        advance(count) { afterBlock($0, count) }
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
    guard chart != nil else { return }
    ChartPlanes.write(chart, at: keyboard.time, to: chartPlanes + row * ChartPlanes.count)
  }

  /// Applies all blocks to the first rows of the workspace, as the next tokens.
  ///
  /// - Parameter afterBlock: called with the index of each block, when the rows are the hidden states after it.
  private func advance(_ count: Int, afterBlock: (Int) -> Void = { _ in }) {
    let decoder = model.decoder
    space.addPlanes(decoder.planes, count: count, model.kernels)
    if chart != nil, let projection = decoder.chart { addChart(projection, count: count) }
    model.rotary.fill(space.cosines, space.sines, from: position, count: count)
    let span = AurlSpan(
      first: Int64(start), last: Int64(position), advance: 1, window: Int64(model.configuration.window))
    for layer in 0..<caches.count {
      latents?.add(layer: layer, offset: offset, count: count, to: space.x, model.kernels)
      decoder.blocks[layer].apply(
        space, count: count, position: position, cache: caches[layer], span: span, model.kernels)
      afterBlock(layer)
    }
    position += count
    offset += count
  }

  /// Adds the projected chart planes, scaled as the embedding is, to the first rows of `x`.
  private func addChart(_ projection: AurlMatrix, count: Int) {
    let width = model.configuration.width
    let scale = Float(width).squareRoot()
    for index in 0..<count * ChartPlanes.count { scaledChart[index] = chartPlanes[index] * scale }
    model.kernels.linear(
      projection, scaledChart, stride: ChartPlanes.count, into: space.x, stride: width, count: count, accumulates: true,
      scratch: space.linearScratch)
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
    let matrix = chart == nil ? nil : decoder.chords
    if let matrix {
      model.kernels.linear(
        matrix, space.normalized, stride: width, into: chords, stride: Self.chordStride, count: count,
        scratch: space.linearScratch)
    }
    for index in 0..<count {
      let logits = logits + index * Self.logitStride
      logits[Configuration.Vocabulary.eosLogit] = logits[Configuration.Vocabulary.eos]
      addIntervals(
        intervals + index * Self.intervalStride, space.planes + (row + index) * KeyPlanes.count, to: logits)
      if matrix != nil {
        addChords(chords + index * Self.chordStride, chartPlanes + (row + index) * ChartPlanes.count, to: logits)
      }
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
