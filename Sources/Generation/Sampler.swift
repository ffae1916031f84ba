internal import Glibc

/// Chooses among logits. It takes its memory at creation, and none for a choice.
package struct Sampler: ~Copyable {
  package var options: SamplingOptions
  /// A heap, the most probable on top; what is taken off it goes behind it.
  private let candidates: UnsafeMutableBufferPointer<Candidate>

  private struct Candidate {
    var weight: Float
    var index: Int32

    /// Of those that are as probable, the first comes first.
    static func > (a: Candidate, b: Candidate) -> Bool { (a.weight, b.index) > (b.weight, a.index) }
  }

  /// - Parameter capacity: the most logits that there will be.
  package init(_ options: SamplingOptions, capacity: Int) {
    self.options = options
    candidates = .allocate(capacity: capacity)
    candidates.initialize(repeating: Candidate(weight: 0, index: 0))
  }

  deinit { candidates.deallocate() }

  /// The index of one of the logits, never of one that is −∞; nil where the best of them is not finite. O(n), and
  /// O(n log n) with top-k or top-p.
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

  /// The candidates that top-k and top-p leave.
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

  /// One of the candidates that min-p leaves; the most probable has the weight 1.
  private func draw(
    from candidates: Slice<UnsafeMutableBufferPointer<Candidate>>, using generator: inout some RandomNumberGenerator
  ) -> Int32 {
    let total = candidates.reduce(0) { $1.weight >= options.minP ? $0 + Double($1.weight) : $0 }
    var left = Double(generator.next() >> 11) * 0x1p-53 * total
    var chosen: Int32 = 0
    for candidate in candidates where candidate.weight >= options.minP {
      chosen = candidate.index
      left -= Double(candidate.weight)
      // Rounding may leave a little over.
      if left < 0 { break }
    }
    return chosen
  }

  // MARK: Heap

  private func makeHeap(_ count: Int) {
    for index in (0..<count / 2).reversed() { siftDown(index, count) }
  }

  /// Moves the best of the heap's `count` candidates behind it.
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
