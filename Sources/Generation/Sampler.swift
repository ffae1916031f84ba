internal import Glibc
internal import MusicCore

/// Samples an index from logits. Memory is allocated once, at creation.
package struct Sampler: ~Copyable {
  package var options: SamplingOptions
  /// A max-heap by probability; elements that are popped are stored behind it.
  private let candidates: UnsafeMutableBufferPointer<Candidate>

  private struct Candidate {
    var weight: Float
    var index: Int32

    /// The weight, or 0 if it is below a limit.
    func weight(atLeast limit: Float) -> Double { weight >= limit ? Double(weight) : 0 }

    /// Ties are broken by the lower index.
    static func > (a: Candidate, b: Candidate) -> Bool { (a.weight, b.index) > (b.weight, a.index) }
  }

  /// - Parameter capacity: the maximum number of logits.
  package init(_ options: SamplingOptions, capacity: Int) {
    self.options = options
    candidates = .allocate(capacity: capacity)
    candidates.initialize(repeating: Candidate(weight: 0, index: 0))
  }

  deinit { candidates.deallocate() }

  /// Samples the index of one of the logits, never of one that is −∞; nil if the largest is not finite. O(n), or O(n
  /// log n) with top-k or top-p.
  package func choose(_ logits: UnsafeBufferPointer<Float>, using generator: inout some RandomNumberGenerator) -> Int? {
    guard let best = Self.best(logits) else { return nil }
    if options.temperature == 0 { return best }
    var count = 0
    for index in logits.indices where logits[index] > -.infinity {
      let weight = expf((logits[index] - logits[best]) / options.temperature)
      guard weight > 0 else { continue }
      candidates[count] = Candidate(weight: weight, index: Int32(index))
      count += 1
    }
    return Int(draw(from: kept(of: count), using: &generator))
  }

  private static func best(_ logits: UnsafeBufferPointer<Float>) -> Int? {
    var best = 0
    for index in logits.indices where logits[index] > logits[best] { best = index }
    return logits[best].isFinite ? best : nil
  }

  /// The candidates that remain after top-k and top-p.
  private func kept(of count: Int) -> Slice<UnsafeMutableBufferPointer<Candidate>> {
    guard options.topK != nil || options.topP < 1 else { return candidates[..<count] }
    makeHeap(count)
    var sorted = count
    if let topK = options.topK {
      while sorted > max(0, count - topK) { popHeap(&sorted) }
    }
    let first = options.topK == nil ? 0 : sorted
    guard options.topP < 1 else { return candidates[first..<count] }
    let enough = Double(options.topP) * candidates[first..<count].reduce(0) { $0 + Double($1.weight) }
    var (start, sum) = (count, 0.0)
    while sum < enough, start > first {
      if start == sorted { popHeap(&sorted) }
      start -= 1
      sum += Double(candidates[start].weight)
    }
    return candidates[start..<count]
  }

  /// Draws one of the candidates that remain after min-p; the most probable has the weight 1.
  private func draw(
    from candidates: Slice<UnsafeMutableBufferPointer<Candidate>>, using generator: inout some RandomNumberGenerator
  ) -> Int32 {
    let minP = options.minP
    let total = candidates.reduce(0) { $0 + $1.weight(atLeast: minP) }
    return candidates.drawn(at: generator.uniform() * total) { $0.weight(atLeast: minP) }?.index ?? 0
  }

  // MARK: Heap

  private func makeHeap(_ count: Int) {
    for index in (0..<count / 2).reversed() { siftDown(index, count) }
  }

  /// Pops the most probable of the heap's `count` candidates and stores it behind the heap.
  private func popHeap(_ count: inout Int) {
    count -= 1
    candidates.swapAt(0, count)
    siftDown(0, count)
  }

  private func siftDown(_ index: Int, _ count: Int) {
    var parent = index
    while case let left = 2 * parent + 1, left < count {
      let child = left + 1 < count && candidates[left + 1] > candidates[left] ? left + 1 : left
      guard candidates[child] > candidates[parent] else { return }
      candidates.swapAt(parent, child)
      parent = child
    }
  }
}
