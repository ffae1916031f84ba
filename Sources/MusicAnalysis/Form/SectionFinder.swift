internal import MusicCore

/// Segments a piece into sections by novelty (Foote 2000, "Automatic audio segmentation using a measure of audio novelty"),
/// repetition (Goto 2003, "A chorus-section detecting method") and cadences, and labels similar sections alike.
struct SectionFinder {
  /// The start of each unit, and the end of the last. A unit is a bar, or several in long pieces.
  private let edges: [Seconds]
  private let features: BarFeatures
  /// The self-similarity matrix of the units, −1…1, row by row.
  private let similarities: [Float]
  /// The units that begin with the first bar after a perfect authentic or half cadence.
  private let cadenceEnds: Set<Int>
  private var count: Int { edges.count - 1 }

  /// The maximum number of units, since the similarity matrix grows with their square.
  private static let limit = 400
  private static let shortest = 4
  private static let longest = 64
  /// The minimum similarity of sections with the same name, and of variants (A').
  private static let same: Float = 0.8
  private static let variant: Float = 0.55

  /// The finder of notes that are sorted by onset, on the bars of a grid.
  init(_ notes: [PlayedNote], _ grid: MetricalGrid, cadences: [Cadence]) {
    let downbeats = grid.downbeatsSeconds
    let end = notes.lazy.map(\.end).max() ?? .zero
    let bars = downbeats.filter { $0 < end - Seconds(0.01) }
    let step = max(1, (bars.count + Self.limit - 1) / Self.limit)
    // A pickup belongs to the bar after it.
    let first = grid.firstBarNumber == 0 && bars.count > 1 ? 1 : 0
    var edges = stride(from: first, to: bars.count, by: step).map { bars[$0] }
    if let opening = bars.first, !edges.isEmpty { edges[0] = min(edges[0], opening) }
    if !edges.isEmpty { edges.append(max(end, edges[edges.count - 1])) }
    self.edges = edges
    features = BarFeatures(notes, edges)
    similarities = features.products
    let starts = edges
    cadenceEnds = Set(
      cadences.filter { $0.kind == .perfectAuthentic || $0.kind == .half }.map { cadence in
        starts.partitioningIndex { $0 > cadence.time + Seconds(0.01) }
      })
  }

  var sections: [FormAnalysis.Section] {
    guard count >= 2 else { return [] }
    let borders = borders
    let parts = zip(borders, borders.dropFirst()).map { $0..<$1 }
    return zip(parts, names(parts)).map { part, name in
      FormAnalysis.Section(start: edges[part.lowerBound], end: edges[part.upperBound], name: name)
    }
  }

  private func similarity(_ a: Int, _ b: Int) -> Float { similarities[a * count + b] }

  // MARK: Borders

  /// The boundaries of the sections, including both ends of the piece: those with the maximum sum of evidence (dynamic
  /// programming).
  private var borders: [Int] {
    guard count >= 2 * Self.shortest else { return [0, count] }
    let scores = (0...count).map { $0 == 0 || $0 == count ? 0 : evidence(at: $0) }
    var best = [Float](repeating: -.infinity, count: count + 1)
    var origin = [Int](repeating: 0, count: count + 1)
    best[0] = 0
    for end in Self.shortest...count {
      for start in max(0, end - Self.longest)...(end - Self.shortest) where best[start] > -.infinity {
        let length = end - start
        // Phrases and periods most often have four or eight bars.
        let shape: Float = length % 8 == 0 ? 0.06 : length % 4 == 0 ? 0.03 : 0
        let score = best[start] + scores[end] + shape - 0.3
        if score > best[end] { (best[end], origin[end]) = (score, start) }
      }
    }
    var borders = [count]
    while let last = borders.last, last > 0 { borders.append(origin[last]) }
    return borders.reversed()
  }

  /// The evidence for a boundary before a unit.
  private func evidence(at unit: Int) -> Float {
    0.6 * novelty(at: unit) + 0.8 * max(repeatStart(at: unit, by: 1), repeatStart(at: unit, by: -1))
      + (cadenceEnds.contains(unit) ? 0.12 : 0)
  }

  /// The novelty at a boundary: the mean similarity within the four units on each side, less that across the boundary.
  private func novelty(at unit: Int) -> Float {
    let before = max(0, unit - Self.shortest)..<unit
    let after = unit..<min(count, unit + Self.shortest)
    func mean(_ rows: Range<Int>, _ columns: Range<Int>) -> Float {
      let sum = rows.reduce(Float(0)) { sum, row in columns.reduce(sum) { $1 == row ? $0 : $0 + similarity(row, $1) } }
      let pairs = rows.count * columns.count - (rows == columns ? rows.count : 0)
      return pairs > 0 ? sum / Float(pairs) : 0
    }
    return max(0, (mean(before, before) + mean(after, after)) / 2 - mean(before, after))
  }

  /// The evidence that a repeated passage begins at a unit: the maximum similarity of the next four units to other four,
  /// earlier (`direction` −1) or later (1), less the similarity of the units that precede both.
  private func repeatStart(at unit: Int, by direction: Int) -> Float {
    let length = Self.shortest
    guard unit + length <= count else { return 0 }
    var clearest: Float = 0
    var other = unit + direction * length
    while other >= 0, other + length <= count {
      var (inside, outside): (Float, Float) = (0, 0)
      for step in 0..<length {
        inside += similarity(unit + step, other + step)
        let (a, b) = (unit - 1 - step, other - 1 - step)
        if a >= 0, b >= 0 { outside += max(0, similarity(a, b)) }
      }
      if inside >= Self.variant * Float(length) { clearest = max(clearest, (inside - outside) / Float(length)) }
      other += direction
    }
    return clearest
  }

  // MARK: Names

  private func names(_ parts: [Range<Int>]) -> [String] {
    var names: [String] = []
    var letters = 0
    for (index, part) in parts.enumerated() {
      let similarity = parts[..<index].map { self.similarity(of: part, to: $0) }
      if let best = similarity.indices.max(by: { similarity[$0] < similarity[$1] }), similarity[best] >= Self.variant {
        let letter = names[best].prefix { $0 != "'" }
        names.append(similarity[best] >= Self.same ? names[best] : "\(letter)'")
      } else {
        names.append(String(Unicode.Scalar(UInt8(65 + min(25, letters)))))
        letters += 1
      }
    }
    return names
  }

  /// The similarity of two sections aligned at their starts, −1…1; transposed sections are at most variants.
  private func similarity(of part: Range<Int>, to other: Range<Int>) -> Float {
    let length = min(part.count, other.count)
    let share = (Float(length) / Float(max(part.count, other.count))).squareRoot()
    func mean(_ value: (Int) -> Float) -> Float { (0..<length).reduce(0) { $0 + value($1) } / Float(length) }
    let plain = mean { similarity(part.lowerBound + $0, other.lowerBound + $0) }
    let moved =
      (1..<12).map { semitones in
        mean { features.product(part.lowerBound + $0, other.lowerBound + $0, transposedBy: semitones) }
      }.max() ?? 0
    return max(plain, min(moved - 0.1, Self.same - 0.01)) * share
  }
}

/// Features of each bar: its pitch classes and onset times, as unit vectors.
struct BarFeatures {
  /// The resolution of onset times: parts of a bar.
  private static let parts = 4
  private static let width = parts * 12 + onsets
  private static let onsets = 8
  /// The weight of rhythm relative to pitch classes.
  private static let rhythm: Float = 0.4

  private let count: Int
  private var values: [Float]

  /// The features of bars between edges.
  init(_ notes: [PlayedNote], _ edges: [Seconds]) {
    count = max(0, edges.count - 1)
    values = Array(repeating: 0, count: count * Self.width)
    for note in notes { add(note, edges) }
    normalize()
  }

  private mutating func add(_ note: PlayedNote, _ edges: [Seconds]) {
    var bar = max(0, edges.partitioningIndex { $0 > note.onset } - 1)
    guard bar < count else { return }
    let first = bar
    while bar < count, edges[bar] < note.end || bar == first {
      let length = max(1e-6, (edges[bar + 1] - edges[bar]).rawValue)
      let start = max(0, (note.onset - edges[bar]).rawValue / length * Double(Self.parts))
      let end = min(Double(Self.parts), (note.end - edges[bar]).rawValue / length * Double(Self.parts))
      for part in Int(start)..<max(Int(start), min(Self.parts, Int(end.rounded(.up)))) {
        let share = min(end, Double(part + 1)) - max(start, Double(part))
        values[bar * Self.width + part * 12 + note.pitch.pitchClass.rawValue] += Float(share)
      }
      if bar == first {
        let place = min(Self.onsets - 1, Int(start / Double(Self.parts) * Double(Self.onsets)))
        values[bar * Self.width + Self.parts * 12 + place] += 1
      }
      bar += 1
    }
  }

  /// Subtracts the mean and normalizes to unit length, separately for pitch classes and rhythm.
  private mutating func normalize() {
    let width = Self.width
    var mean = [Float](repeating: 0, count: width)
    for index in values.indices {
      values[index] = values[index].squareRoot()
      mean[index % width] += values[index] / Float(count)
    }
    for bar in 0..<count {
      for (range, weight) in [(0..<Self.parts * 12, 1 - Self.rhythm), (Self.parts * 12..<width, Self.rhythm)] {
        var square: Float = 0
        for feature in range {
          values[bar * width + feature] -= 0.6 * mean[feature]
          square += values[bar * width + feature] * values[bar * width + feature]
        }
        let scale = square > 1e-9 ? (weight / square).squareRoot() : 0
        for feature in range { values[bar * width + feature] *= scale }
      }
    }
  }

  /// The inner products of all pairs of bars, row by row: the self-similarity matrix. O(bars²).
  var products: [Float] {
    var products = [Float](repeating: 0, count: count * count)
    for row in 0..<count {
      for column in 0...row {
        let product = product(row, column, transposedBy: 0)
        products[row * count + column] = product
        products[column * count + row] = product
      }
    }
    return products
  }

  /// The similarity of a bar to another one transposed up by some semitones.
  func product(_ bar: Int, _ other: Int, transposedBy semitones: Int) -> Float {
    let (a, b) = (bar * Self.width, other * Self.width)
    return values.withUnsafeBufferPointer { values in
      var sum: Float = 0
      for part in 0..<Self.parts {
        for pitchClass in 0..<12 {
          let moved = (pitchClass + semitones) % 12
          sum += values[a + part * 12 + moved] * values[b + part * 12 + pitchClass]
        }
      }
      for place in Self.parts * 12..<Self.width { sum += values[a + place] * values[b + place] }
      return sum
    }
  }
}
