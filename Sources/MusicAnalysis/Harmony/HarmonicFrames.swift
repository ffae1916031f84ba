internal import MusicCore

/// The input of the chord model: pitch-class features of each frame, which is an eighth note.
struct HarmonicFrames: Sendable {
  /// The features of each pitch class.
  enum Feature: Int, CaseIterable {
    /// The share of the frame in which the pitch class sounds, at most 1.
    case sounding
    /// 1 if a note of the pitch class begins.
    case onsets
    /// The share of the frame in which it is the bass, below G3 and from G3 up.
    case lowBass, highBass
    /// The share of the frame in which it is the highest of several pitches.
    case top
  }

  static let perQuarter = 2
  /// The maximum anticipation in beats: how early the first notes of a frame may begin.
  static let anticipation = 0.06
  static let width = 12 * Feature.allCases.count
  /// The maximum number of frames: 4.5 hours at 120 quarter notes per minute.
  static let limit = 1 << 16

  private(set) var count = 0
  /// `width` numbers per frame, feature by feature, C first.
  private(set) var values: [Float] = []
  /// 1 for each frame in which a new bass note begins.
  private(set) var newBass: [Float] = []
  /// The first onset of each frame, in beats after its start; nil if it has none.
  private(set) var firstOnset: [Double?] = []
  /// The number of onsets in each frame, scaled so that six or more are 1.
  private(set) var onsets: [Float] = []
  /// The durations of the pitch classes in beats, each note limited to 16.
  private(set) var profile = PitchClassProfile()
  /// The pitches that sound for a considerable part of each frame.
  private(set) var pitches: [PitchSet] = []
  private var pitchClasses: [PitchClassSet] = []
  /// The notes that are the highest ones at their onset, in order of time: the skyline.
  private(set) var melody: [MelodyNote] = []
  private(set) var noteCount = 0
  /// Whether a change of harmony is probable at the start of each frame, such as on beats.
  private(set) var isPulse: [Bool] = []
  private(set) var isDownbeat: [Bool] = []
  /// The number of frames per beat.
  private(set) var perPulse = perQuarter
  private let grid: BeatGrid
  /// The position of frame 0 in beats of the grid.
  private let origin: Double

  func value(_ feature: Feature, _ pitchClass: Int, at frame: Int) -> Float {
    values[frame * Self.width + feature.rawValue * 12 + pitchClass]
  }

  /// When a frame begins.
  func time(of frame: Int) -> Seconds { grid.time(at: origin + Double(frame) / Double(Self.perQuarter)) }

  /// The start of a chord whose first frame is this one: its first onset, if that is near.
  func chordStart(_ frame: Int) -> Seconds {
    let delay = firstOnset[frame].flatMap { $0 <= 0.2 ? $0 : nil } ?? 0
    return grid.time(at: origin + Double(frame) / Double(Self.perQuarter) + delay)
  }

  /// The frame that begins nearest to a time.
  func frame(nearest time: Seconds) -> Int {
    let position = (grid.position(of: time) - origin) * Double(Self.perQuarter)
    return Int(max(0, min(Double(count), position.rounded())))
  }

  /// The pitch classes that sound in a range of frames.
  func profile(_ feature: Feature, in frames: Range<Int>) -> PitchClassProfile {
    var profile = PitchClassProfile()
    for frame in frames {
      for pitchClass in 0..<12 { profile.weights[pitchClass] += Double(value(feature, pitchClass, at: frame)) }
    }
    return profile
  }

  /// The bass notes of a range of frames; `highWeight` is the weight of those from G3 up.
  func bass(in frames: Range<Int>, highWeight: Double = 1) -> PitchClassProfile {
    var low = profile(.lowBass, in: frames)
    let high = profile(.highBass, in: frames)
    for pitchClass in 0..<12 { low.weights[pitchClass] += highWeight * high.weights[pitchClass] }
    return low
  }

  func isSilent(_ frame: Int) -> Bool {
    (0..<12).allSatisfy { value(.sounding, $0, at: frame) == 0 }
  }

  /// Whether a pitch class sounds for a considerable part of a frame.
  func hasPitchClass(_ pitchClass: Int, at frame: Int) -> Bool {
    pitchClasses[frame].contains(PitchClass(semitones: pitchClass))
  }

  /// The frames of all notes except drums.
  init(_ score: Score, _ grid: BeatGrid) {
    self.grid = grid
    var notes: [PositionedNote] = []
    notes.reserveCapacity(score.noteCount)
    for note in score.notes(areDrums: false) {
      let onset = grid.position(of: score.tempoMap.seconds(at: note.onset))
      let end = grid.position(of: score.tempoMap.seconds(at: note.end))
      notes.append(PositionedNote(onset: onset, end: max(onset, end), pitch: Int(note.pitch.rawValue)))
    }
    let first = notes.lazy.map(\.onset).min() ?? 0
    let shift = OnsetHistogram(notes.lazy.map(\.onset)).shift
    origin = (first - shift + Self.anticipation).rounded(.down) + shift
    notes = notes.compactMap { note in
      let moved = PositionedNote(onset: note.onset - origin, end: note.end - origin, pitch: note.pitch)
      guard moved.onset * Double(Self.perQuarter) < Double(Self.limit) else { return nil }
      // The first notes may be slightly early.
      return PositionedNote(onset: max(0, moved.onset), end: max(0, moved.end), pitch: note.pitch)
    }
    noteCount = notes.count
    guard let last = notes.lazy.map(\.end).max() else { return }
    count = min(Self.limit, max(1, Int(min(last * Double(Self.perQuarter), Double(Self.limit)).rounded(.up))))
    isPulse = marks(grid.pulses)
    isDownbeat = marks(grid.downbeats)
    fill(notes)
    let pulses = isPulse.indices.filter { isPulse[$0] }
    let gaps = zip(pulses, pulses.dropFirst()).map { $1 - $0 }.sorted()
    perPulse = gaps.isEmpty ? Self.perQuarter : max(1, gaps[gaps.count / 2])
  }

  /// Marks the frames that contain one of the positions; the grid is extrapolated beyond its ends.
  private func marks(_ positions: [Double]) -> [Bool] {
    var marks = [Bool](repeating: false, count: count)
    guard let first = positions.first, let last = positions.last else { return marks }
    func mark(_ position: Double) {
      let frame = ((position - origin) * Double(Self.perQuarter)).rounded(.down)
      if frame >= 0, frame < Double(count) { marks[Int(frame)] = true }
    }
    positions.forEach(mark)
    guard positions.count > 1 else { return marks }
    let end = Double(count) / Double(Self.perQuarter) + origin
    let (opening, closing) = (positions[1] - first, last - positions[positions.count - 2])
    // Only positions within the frames, since the grid may extend far beyond them.
    for position in stride(
      from: first - opening * max(1, ((first - end) / opening).rounded(.up)), through: origin, by: -opening)
    {
      mark(position)
    }
    for position in stride(
      from: last + closing * max(1, ((origin - last) / closing).rounded(.up)), to: end, by: closing)
    {
      mark(position)
    }
    return marks
  }

  /// A note of the top line.
  struct MelodyNote {
    /// The onset in beats after frame 0.
    var onset: Double
    var pitchClass: PitchClass
  }

  private struct PositionedNote {
    var onset: Double
    var end: Double
    var pitch: Int
  }

  private mutating func fill(_ notes: [PositionedNote]) {
    values = Array(repeating: 0, count: count * Self.width)
    firstOnset = Array(repeating: nil, count: count)
    pitches = Array(repeating: PitchSet(), count: count)
    var starts = Array(repeating: 0, count: count)
    var lowestStart = Array(repeating: 128, count: count)
    var outline = Outline(frames: count)
    for note in notes {
      profile.weights[note.pitch % 12] += min(16, note.end - note.onset)
      addSounding(note)
      outline.add(note.pitch, from: note.onset * Double(Self.perQuarter), to: note.end * Double(Self.perQuarter))
      let frame = min(count - 1, Int((note.onset + Self.anticipation) * Double(Self.perQuarter)))
      values[frame * Self.width + Feature.onsets.rawValue * 12 + note.pitch % 12] = 1
      pitches[frame].insert(note.pitch)
      starts[frame] += 1
      let delay = note.onset - Double(frame) / Double(Self.perQuarter)
      firstOnset[frame] = min(firstOnset[frame] ?? delay, delay)
      lowestStart[frame] = min(lowestStart[frame], note.pitch)
    }
    pitchClasses = pitches.map(\.pitchClasses)
    outline.write(to: &values)
    newBass = (0..<count).map { lowestStart[$0] < 128 && lowestStart[$0] <= outline.lowest(in: $0) ? 1 : 0 }
    onsets = starts.map { Float(min(6, $0)) / 6 }
    melody =
      notes.lazy.filter { outline.isHighest($0.pitch, at: $0.onset * Double(Self.perQuarter)) }
      .map { MelodyNote(onset: $0.onset, pitchClass: PitchClass(semitones: $0.pitch)) }
      .sorted { $0.onset < $1.onset }
  }

  private mutating func addSounding(_ note: PositionedNote) {
    let start = note.onset * Double(Self.perQuarter)
    let end = note.end * Double(Self.perQuarter)
    var frame = Int(start)
    while frame < count, Double(frame) < end {
      let share = min(end, Double(frame + 1)) - max(start, Double(frame))
      let index = frame * Self.width + Feature.sounding.rawValue * 12 + note.pitch % 12
      values[index] = min(1, values[index] + Float(share))
      if share >= 0.3 { pitches[frame].insert(note.pitch) }
      frame += 1
    }
  }
}
