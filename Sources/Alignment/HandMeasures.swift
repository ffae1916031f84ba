internal import MusicAnalysis
internal import MusicCore

/// The measures of one hand: its notes, and their evenness.
package struct HandMeasures: Sendable, Encodable {
  package var hand: TakeMeasures.Hand
  package var counts: TakeMeasures.Counts
  /// The mean velocities of the notes that both have.
  package var velocity: Double?
  package var referenceVelocity: Double?
  /// The normalized pairwise variability index (nPVI, Grabe & Low 2002) over notes of equal written length: the mean
  /// difference between successive inter-onset intervals, in percent of their mean; 0 is perfectly even.
  package var timingUnevenness: Double?
  /// The same for the reference, on the same notes.
  package var referenceTimingUnevenness: Double?
  /// The mean change of velocity from one of these notes to the next.
  package var velocityUnevenness: Double?
  package var referenceVelocityUnevenness: Double?
  /// The number of changes averaged in these means.
  package var changes: Int
  /// The median ratio of played to written note length at the tempo of the take.
  package var lengthRatio: Double?

  /// The minimum number of changes for a measure.
  private static let fewestChanges = 8

  /// Nil if the reference has no notes for the hand.
  init?(_ hand: TakeMeasures.Hand, _ alignment: TakeAlignment, _ chords: HandChords) {
    self.hand = hand
    let own = alignment.notes.filter { $0.isRightHand == (hand == .right) }
    counts = .init()
    for note in own { counts.count(note.kind) }
    guard counts.expected > 0 else { return nil }

    let pairs = own.compactMap { note -> (played: PlayedNote, expected: PlayedNote, warp: TimeWarp)? in
      guard note.kind == .right, let played = note.played, let expected = note.reference else { return nil }
      return (alignment.take[played], alignment.reference[expected], alignment.passages[note.passage].warp)
    }
    velocity = pairs.map { Double($0.played.velocity.rawValue) }.mean
    referenceVelocity = pairs.map { Double($0.expected.velocity.rawValue) }.mean
    let ratios = pairs.compactMap { pair -> Double? in
      let written = (pair.warp.played(pair.expected.end) - pair.warp.played(pair.expected.onset)).rawValue
      return written > 0.01 ? pair.played.duration.rawValue / written : nil
    }.sorted()
    if !ratios.isEmpty { lengthRatio = ratios[ratios.count / 2] }

    let runs = chords.runs[hand] ?? []
    changes = runs.count
    guard changes >= Self.fewestChanges else { return }
    timingUnevenness = runs.map { 100 * Self.change(\.played, $0) }.mean
    referenceTimingUnevenness = runs.map { 100 * Self.change(\.reference, $0) }.mean
    velocityUnevenness = runs.map { abs($0[2].velocity - $0[1].velocity) }.mean
    referenceVelocityUnevenness = runs.map { abs($0[2].referenceVelocity - $0[1].referenceVelocity) }.mean
  }

  /// The change between the two intervals of three chords, as a fraction of their mean.
  private static func change(_ time: (HandChords.Chord) -> Double, _ run: [HandChords.Chord]) -> Double {
    let (first, second) = (time(run[1]) - time(run[0]), time(run[2]) - time(run[1]))
    return 2 * abs(second - first) / max(1e-3, first + second)
  }

}

/// The played chords of each hand, in groups of three that are written at equal distances.
struct HandChords {
  struct Chord {
    /// The onset in the take, in seconds.
    var played: Double
    var reference: Double
    /// The onset in beats of the reference.
    var position: Double
    var velocity: Double
    var referenceVelocity: Double
  }

  /// Three consecutive chords at equal distances of at most a beat.
  private(set) var runs: [TakeMeasures.Hand: [[Chord]]] = [:]

  /// The largest ratio of two written distances that count as equal; if the reference is a take, they are never exactly
  /// equal.
  private static let tolerance = 1.15

  init(_ alignment: TakeAlignment, _ grid: MetricalGrid?) {
    let hands = alignment.reference.hands
    var partners = Array(repeating: [Int: Int](), count: alignment.passages.count)
    for note in alignment.notes {
      if let expected = note.reference, let played = note.played { partners[note.passage][expected] = played }
    }
    for hand in TakeMeasures.Hand.allCases {
      let own = alignment.reference.indices.filter { hands[$0] == (hand == .right) }
      let groups = OnsetGroup.groups(of: own.map { alignment.reference[$0] })
      for partners in partners {
        var last: [Chord] = []
        for group in groups {
          let notes = group.notes.compactMap { note in
            partners[own[note]].map { (alignment.take[$0], alignment.reference[own[note]]) }
          }
          guard !notes.isEmpty else {
            last = []
            continue
          }
          let count = Double(notes.count)
          let time = notes.reduce(0) { $0 + $1.1.onset.rawValue } / count
          last.append(
            Chord(
              played: notes.reduce(0) { $0 + $1.0.onset.rawValue } / count, reference: time,
              position: grid?.position(of: Seconds(time)) ?? time,
              velocity: notes.reduce(0) { $0 + Double($1.0.velocity.rawValue) } / count,
              referenceVelocity: notes.reduce(0) { $0 + Double($1.1.velocity.rawValue) } / count))
          if last.count > 3 { last.removeFirst() }
          if last.count == 3, Self.areEven(last) { runs[hand, default: []].append(last) }
        }
      }
    }
  }

  private static func areEven(_ run: [Chord]) -> Bool {
    let distances = [run[1].position - run[0].position, run[2].position - run[1].position]
    guard let least = distances.min(), let most = distances.max(), least > 0.01, most < 1.05 else { return false }
    return most / least < tolerance && run[0].played < run[1].played && run[1].played < run[2].played
  }
}

/// The asynchrony of the hands in chords that are written for both.
package struct Asynchrony: Sendable, Encodable {
  /// The mean onset of the right hand minus that of the left, in milliseconds: negative if the right hand leads, as
  /// melodies often do (Goebl, JASA 110, 2001).
  package var meanMilliseconds: Double
  /// The standard deviation, in milliseconds.
  package var deviationMilliseconds: Double
  package var chords: Int

  /// Nil if there are fewer than four such chords.
  init?(_ alignment: TakeAlignment) {
    var played: [Int: AlignedNote] = [:]
    var differences: [Double] = []
    let groups = OnsetGroup.groups(of: alignment.reference)
    for index in alignment.passages.indices {
      played.removeAll(keepingCapacity: true)
      for note in alignment.notes where note.passage == index && note.kind == .right {
        if let expected = note.reference { played[expected] = note }
      }
      for group in groups {
        let notes = group.notes.compactMap { played[$0] }
        guard let right = notes.filter(\.isRightHand).map(\.time.milliseconds).mean,
          let left = notes.filter({ !$0.isRightHand }).map(\.time.milliseconds).mean
        else { continue }
        differences.append(right - left)
      }
    }
    guard differences.count >= 4, let mean = differences.mean, let deviation = differences.standardDeviation else {
      return nil
    }
    (meanMilliseconds, deviationMilliseconds, chords) = (mean, deviation, differences.count)
  }
}
