internal import MusicCore

extension LevelCurve {
  /// The minimum change of level of a hairpin: about one step between pp and ff.
  private static let hairpinRise = 12.0
  /// The minimum rise and fall that separate phrases.
  private static let arcRise = 7.0

  /// The minimum rate of change of a hairpin, in velocities per second.
  private static let leastSlope = 1.5
  /// The fraction of a change of level that may be excluded at each end of a hairpin.
  private static let corner = 0.05
  /// The minimum deviation of the curve from a straight line at which a change is shortened, as a fraction of the change.
  private static let bend = 0.3

  /// Crescendi and diminuendi of at least two seconds, in order, without the almost constant level at both ends.
  var hairpins: [DynamicsAnalysis.Hairpin] {
    stretches(rise: Self.hairpinRise).compactMap { stretch in
      guard abs(levels[stretch.upperBound] - levels[stretch.lowerBound]) >= Self.hairpinRise else { return nil }
      let span = corners(of: stretch)
      let change = levels[span.upperBound] - levels[span.lowerBound]
      let seconds = Double(span.count) * Self.step
      guard abs(change) >= (1 - 2 * Self.corner) * Self.hairpinRise, seconds >= 2,
        abs(change) >= Self.leastSlope * seconds
      else { return nil }
      return DynamicsAnalysis.Hairpin(
        kind: change > 0 ? .crescendo : .diminuendo, startSeconds: time(span.lowerBound),
        endSeconds: time(span.upperBound), fromVelocity: levels[span.lowerBound], toVelocity: levels[span.upperBound])
    }
  }

  /// The part of a stretch between turning points in which the level changes, without almost constant level at its ends.
  private func corners(of stretch: Range<Int>) -> Range<Int> {
    let (from, to) = (levels[stretch.lowerBound], levels[stretch.upperBound])
    let slack = Self.corner * abs(to - from)
    let end = (stretch.lowerBound...stretch.upperBound).first { abs(to - levels[$0]) <= slack } ?? stretch.upperBound
    let start = (stretch.lowerBound...end).last { abs(levels[$0] - from) <= slack } ?? stretch.lowerBound
    return steadyPart(of: start..<max(start, end))
  }

  /// The part of a change with an almost constant slope: the change is shortened repeatedly at the point farthest from the
  /// line between its ends, so that a fast rise followed by a slow one is not a single long crescendo.
  private func steadyPart(of span: Range<Int>) -> Range<Int> {
    var (start, end) = (span.lowerBound, span.upperBound)
    while end - start > 1 {
      let (from, change, count) = (levels[start], levels[end] - levels[start], Double(end - start))
      // The deviation of the curve from the line, as a fraction of the change.
      func lead(_ index: Int) -> Double { (levels[index] - from) / change - Double(index - start) / count }
      let leads = (start + 1..<end).map { (index: $0, lead: lead($0)) }
      guard change != 0, let most = leads.max(by: { abs($0.lead) < abs($1.lead) }), abs(most.lead) >= Self.bend else {
        break
      }
      if most.lead > 0 { end = most.index } else { start = most.index }
    }
    return start..<end
  }

  /// The rises with the falls that follow them, from minimum to minimum, in order.
  var phraseArcs: [DynamicsAnalysis.PhraseArc] {
    let stretches = self.stretches(rise: Self.arcRise)
    return zip(stretches, stretches.dropFirst()).compactMap { rise, fall in
      let climax = levels[rise.upperBound]
      guard climax - levels[rise.lowerBound] > 0, climax - levels[fall.upperBound] > 0 else { return nil }
      return DynamicsAnalysis.PhraseArc(
        startSeconds: time(rise.lowerBound), climaxSeconds: time(rise.upperBound),
        endSeconds: time(fall.upperBound), climaxVelocity: climax)
    }
  }
}

extension DynamicsAnalysis.Accent {
  /// The minimum excess of an accent, in standard deviations and in velocities.
  private static let prominence = 2.0
  private static let rise = 12.0
  /// The number of notes on each side that it is compared with.
  private static let reach = 12

  /// The accents among notes that are sorted by onset. O(n).
  static func find(_ notes: [PlayedNote]) -> [Self] {
    guard notes.count > 2 * reach else { return [] }
    // Cumulative sums of the velocities and of their squares.
    var sums = [(first: 0.0, second: 0.0)]
    for note in notes {
      let velocity = Double(note.velocity.rawValue)
      sums.append((sums[sums.count - 1].first + velocity, sums[sums.count - 1].second + velocity * velocity))
    }
    return notes.indices.compactMap { index in
      let (low, high) = (max(0, index - reach), min(notes.count, index + reach + 1))
      let velocity = Double(notes[index].velocity.rawValue)
      let count = Double(high - low - 1)
      let mean = (sums[high].first - sums[low].first - velocity) / count
      let square = (sums[high].second - sums[low].second - velocity * velocity) / count
      let deviation = max(square - mean * mean, 0).squareRoot()
      // A minimum standard deviation of one velocity keeps the quotient finite.
      let prominence = (velocity - mean) / max(deviation, 1)
      guard prominence >= Self.prominence, velocity - mean >= rise else { return nil }
      return Self(
        seconds: notes[index].onset, pitch: notes[index].pitch, velocity: notes[index].velocity,
        prominence: prominence)
    }
  }
}
