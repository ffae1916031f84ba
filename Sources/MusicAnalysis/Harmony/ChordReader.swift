internal import MusicCore

/// Reinterprets decoded chords by the conventions of common-practice harmony: a dominant has a seventh if it sounds anywhere
/// in it, a chord whose root does not sound is renamed by its tones, and a cadential six-four belongs to the dominant that
/// follows.
struct ChordReader {
  private(set) var states: [ChordModel.State]
  /// The frames of cadential six-fours, whose chord is the dominant.
  private(set) var sixFours: Set<Int> = []
  private let frames: HarmonicFrames
  private let keys: LocalKeys

  init(_ frames: HarmonicFrames, _ keys: LocalKeys, _ states: [ChordModel.State]) {
    self.frames = frames
    self.keys = keys
    self.states = states
  }

  /// Interprets all chords from last to first, since the interpretation may depend on the following chord.
  mutating func read() {
    for run in runs { readTones(run) }
    findSixFours()
    for run in runs.reversed() { readSixFour(run) }
    for run in runs.reversed() { readFunction(run) }
  }

  /// The runs of frames of one chord; a cadential six-four is separate from its dominant.
  private var runs: [Range<Int>] {
    var runs: [Range<Int>] = []
    for frame in states.indices {
      if let last = runs.last, states[last.lowerBound] == states[frame],
        sixFours.contains(last.lowerBound) == sixFours.contains(frame)
      {
        runs[runs.count - 1] = last.lowerBound..<frame + 1
      } else {
        runs.append(frame..<frame + 1)
      }
    }
    return runs
  }

  /// The fraction of a span in which an interval above a root sounds, 0…1.
  private func share(_ interval: Int, above root: Int, _ run: Range<Int>) -> Float {
    run.reduce(0) { $0 + frames.value(.sounding, (root + interval) % 12, at: $1) } / Float(run.count)
  }

  private mutating func set(_ run: Range<Int>, root: Int, _ quality: ChordQuality) {
    let state = ChordModel.State(qualityIndex: ChordQuality.allCases.firstIndex(of: quality) ?? 0, root: root % 12)
    for frame in run { states[frame] = state }
  }

  /// Renames chords whose root does not sound.
  private mutating func readTones(_ run: Range<Int>) {
    let (root, quality) = (states[run.lowerBound].root, states[run.lowerBound].quality)
    let tonic = keys.key(at: run.lowerBound).tonic.rawValue
    func sounds(_ interval: Int, atLeast least: Float = 0.25) -> Bool { share(interval, above: root, run) >= least }
    func lacks(_ interval: Int) -> Bool { share(interval, above: root, run) <= (interval == 0 ? 0.04 : 0.1) }
    switch quality {
    case .dominant7 where lacks(0) && sounds(4) && sounds(10), .maj where lacks(0) && sounds(4) && sounds(10):
      set(run, root: root + 4, sounds(1) ? .dim7 : sounds(2, atLeast: 0.5) ? .hdim7 : .dim)
    case .maj where lacks(7) && sounds(9): set(run, root: root + 9, .min)
    // IV with an added sixth is ii65.
    case .maj where (root - tonic + 12) % 12 == 5 && sounds(9, atLeast: 0.45): set(run, root: root + 9, .min7)
    case .min where lacks(7) && sounds(8): set(run, root: root + 8, .maj)
    case .min where lacks(0) && sounds(10): set(run, root: root + 3, .maj)
    default: break
    }
  }

  /// Finds cadential six-fours: on a beat, over the fifth of the key, which stays or falls by an octave for the dominant.
  /// They are detected from the notes, since the dominant is often too short to be decoded as a separate chord.
  private mutating func findSixFours() {
    var frame = 0
    while frame < states.count {
      let (key, start) = (keys.key(at: frame), frame)
      let fifth = key.tonic.transposed(by: 7).rawValue
      while frame < states.count, frames.pitches[frame].lowest.map({ $0 % 12 == fifth }) ?? false { frame += 1 }
      if frame - start >= 2, frames.isPulse[start] { readDominant(start..<frame, key) }
      frame = max(frame, start + 1)
    }
  }

  /// Interprets frames over the fifth of a key that may begin with a six-four.
  private mutating func readDominant(_ range: Range<Int>, _ key: Key) {
    func sounds(_ degree: Int, _ frame: Int) -> Bool {
      frames.hasPitchClass(key.tonic.transposed(by: degree).rawValue, at: frame)
    }
    guard sounds(0, range.lowerBound), sounds(key.isMinor ? 3 : 4, range.lowerBound),
      let dominant = range.prefix(9).first(where: { sounds(11, $0) && !sounds(0, $0) }), dominant > range.lowerBound,
      !(range.lowerBound..<dominant).contains(where: { sounds(11, $0) })
    else { return }
    let root = key.tonic.transposed(by: 7).rawValue
    set(range.lowerBound..<dominant, root: root, .maj)
    sixFours.formUnion(range.lowerBound..<dominant)
    for frame in dominant..<range.upperBound {
      if sounds(0, frame) || sounds(9, frame) { break }
      if states[frame].root != root { set(frame..<frame + 1, root: root, .maj) }
    }
  }

  /// Interprets a triad in second inversion whose bass is held or repeated by the following dominant.
  private mutating func readSixFour(_ run: Range<Int>) {
    let state = states[run.lowerBound]
    guard [.maj, .min].contains(state.quality), run.upperBound < states.count else { return }
    let next = states[run.upperBound]
    guard (next.root - state.root + 12) % 12 == 7, [.maj, .dominant7, .sus4].contains(next.quality) else { return }
    // Backward from its end to another or a lower bass note; higher notes may be an arpeggio.
    var start: Int?
    var (bass, other) = (128, 128)
    for frame in run.reversed() {
      guard let lowest = frames.pitches[frame].lowest else { continue }
      if lowest % 12 == next.root {
        (start, bass) = (frame, min(bass, lowest))
      } else if start != nil, lowest < bass {
        break
      } else if start == nil {
        other = min(other, lowest)
      }
    }
    guard let start, bass < other else { return }
    set(start..<run.upperBound, root: next.root, .maj)
    sixFours.formUnion(start..<run.upperBound)
  }

  /// Adds sevenths to dominants, and chooses the root of a diminished seventh by its resolution.
  private mutating func readFunction(_ run: Range<Int>) {
    let state = states[run.lowerBound]
    let tonic = keys.key(at: run.lowerBound).tonic.rawValue
    let next = run.upperBound < states.count ? states[run.upperBound].root : nil
    if state.quality == .dim7 {
      let candidates = [next.map { ($0 + 11) % 12 }, (tonic + 11) % 12, (tonic + 6) % 12].compactMap(\.self)
      if let root = candidates.first(where: { ($0 - state.root + 12) % 3 == 0 }) { set(run, root: root, .dim7) }
    }
    guard state.quality == .maj, !sixFours.contains(run.lowerBound) else { return }
    let sounding = share(10, above: state.root, run)
    guard sounding >= 0.12, sounding * Float(run.count) >= 0.4 else { return }
    let seventh = (state.root + 10) % 12
    let first = run.first { frames.value(.sounding, seventh, at: $0) > 0 } ?? run.lowerBound
    set(first..<run.upperBound, root: state.root, .dominant7)
  }
}
