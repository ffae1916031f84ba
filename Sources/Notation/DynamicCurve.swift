/// The loudness of a part over time, from its dynamics and hairpins.
struct DynamicCurve {
  private struct Segment {
    var start: Int
    var from: Int
    var end: Int
    var to: Int
  }
  private var segments: [Segment]

  /// One level of written dynamics, in velocity.
  private static let step = 16

  /// - Parameter marks: dynamics and hairpins sorted by tick. A piece starts mf.
  ///
  /// A hairpin lasts until the next mark. It leads to the level of that mark if that lies in its direction,
  /// and otherwise one level up or down.
  init(_ marks: [(tick: Int, mark: Mark)], end: Int) {
    var current = 80
    segments = [Segment(start: 0, from: current, end: 0, to: current)]
    for (index, (tick, mark)) in marks.enumerated() {
      let next = index + 1 < marks.count ? marks[index + 1] : nil
      var level: Int?
      if case .level(let value)? = next?.mark { level = value }
      var target = current
      switch mark {
      case .level(let value): (current, target) = (value, value)
      case .crescendo: target = level.flatMap { $0 > current ? $0 : nil } ?? min(124, current + Self.step)
      case .diminuendo: target = level.flatMap { $0 < current ? $0 : nil } ?? max(18, current - Self.step)
      default: continue
      }
      segments.append(Segment(start: tick, from: current, end: next?.tick ?? end, to: target))
      current = target
    }
  }

  /// The velocity at a tick.
  func velocity(at tick: Int) -> Int {
    let segment = segments[(segments.firstIndex { $0.start > tick } ?? segments.count) - 1]
    guard segment.to != segment.from, segment.end > segment.start else { return segment.to }
    let elapsed = min(tick, segment.end) - segment.start
    return segment.from + (segment.to - segment.from) * elapsed / (segment.end - segment.start)
  }
}
