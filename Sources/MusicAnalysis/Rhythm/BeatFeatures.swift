internal import Glibc
internal import MusicCore

/// The features of each chord that do not depend on beats: the input of `BeatNetwork`.
///
/// The features are as independent of absolute time and transposition as possible, and about −2…2. Rows are features,
/// columns chords.
package struct BeatFeatures {
  static let count = 22

  let chords: [OnsetGroup]
  /// `count` × chords, row-major.
  private(set) var values: [Float]

  /// The features of notes that are sorted by onset. O(n).
  package init(notes: [PlayedNote], chords: [OnsetGroup]) {
    self.chords = chords
    values = [Float](repeating: 0, count: Self.count * chords.count)
    guard !chords.isEmpty else { return }
    addIntervals()
    addLoudness(notes)
    addRegister()
    addDurations(notes)
    addRegisterIntervals()
    addHarmony(notes)
  }

  private subscript(feature: Int, chord: Int) -> Float {
    get { values[feature * chords.count + chord] }
    set { values[feature * chords.count + chord] = newValue }
  }

  /// A duration on a logarithmic scale around `unit`, both in seconds.
  private static func logarithm(_ seconds: Double, unit: Double) -> Float {
    Float(log(min(max(seconds, 0.03), 4) / unit))
  }

  /// 0: log interval to the chord before; 1: to the next; 2: their ratio; 3: notes in the chord.
  private mutating func addIntervals() {
    for i in chords.indices {
      let before = i > 0 ? chords[i].onset - chords[i - 1].onset : 2
      let after = i + 1 < chords.count ? chords[i + 1].onset - chords[i].onset : 2
      self[0, i] = Self.logarithm(before, unit: 0.2)
      self[1, i] = Self.logarithm(after, unit: 0.2)
      self[2, i] = self[1, i] - self[0, i]
      self[3, i] = Float(min(chords[i].notes.count, 6)) / 3 - 0.5
    }
  }

  /// 4: mean and 5: greatest velocity, against the mean of 12 chords on both sides.
  private mutating func addLoudness(_ notes: [PlayedNote]) {
    let loudness = chords.map { chord in
      let velocities = notes[chord.notes].map { Double($0.velocity.rawValue) }
      return (mean: velocities.reduce(0, +) / Double(velocities.count), greatest: velocities.max() ?? 0)
    }
    var sums = (mean: 0.0, greatest: 0.0)
    var window = 0..<0
    for i in chords.indices {
      while window.upperBound < min(chords.count, i + 13) {
        sums.mean += loudness[window.upperBound].mean
        sums.greatest += loudness[window.upperBound].greatest
        window = window.lowerBound..<window.upperBound + 1
      }
      while window.lowerBound < i - 12 {
        sums.mean -= loudness[window.lowerBound].mean
        sums.greatest -= loudness[window.lowerBound].greatest
        window = window.lowerBound + 1..<window.upperBound
      }
      self[4, i] = Float((loudness[i].mean - sums.mean / Double(window.count)) / 15)
      self[5, i] = Float((loudness[i].greatest - sums.greatest / Double(window.count)) / 15)
    }
  }

  /// 6, 7: bass and top pitch; 8, 9: against the lowest and highest of the 8 chords before; 10, 11: of the 8 after.
  private mutating func addRegister() {
    for i in chords.indices {
      let chord = chords[i]
      self[6, i] = Float(chord.lowest - 50) / 18
      self[7, i] = Float(chord.highest - 72) / 14
      let before = chords[max(0, i - 8)..<i]
      let after = chords[i + 1..<max(i + 1, min(chords.count, i + 9))]
      for (row, side) in [(8, before), (10, after)] where !side.isEmpty {
        let lowest = side.reduce(127) { min($0, $1.lowest) }
        let highest = side.reduce(0) { max($0, $1.highest) }
        self[row, i] = Float(chord.lowest - lowest) / 12
        self[row + 1, i] = Float(chord.highest - highest) / 12
      }
    }
  }

  /// 12: the longest note; 13: the bass; 14: the top note.
  private mutating func addDurations(_ notes: [PlayedNote]) {
    for i in chords.indices {
      let chord = chords[i]
      var longest = 0.0
      var (bass, top) = (0.0, 0.0)
      var (lowest, highest) = (128, -1)
      for note in notes[chord.notes] {
        let duration = note.duration.rawValue
        let pitch = Int(note.pitch.rawValue)
        longest = max(longest, duration)
        if pitch < lowest { (lowest, bass) = (pitch, duration) }
        if pitch > highest { (highest, top) = (pitch, duration) }
      }
      self[12, i] = Self.logarithm(longest, unit: 0.3)
      self[13, i] = Self.logarithm(bass, unit: 0.3)
      self[14, i] = Self.logarithm(top, unit: 0.3)
    }
  }

  /// Time to the next (15) and from the last (16) chord that reaches as low, and as high (17, 18).
  private mutating func addRegisterIntervals() {
    for i in chords.indices {
      let chord = chords[i]
      let after = chords[i + 1..<max(i + 1, min(chords.count, i + 33))]
      let before = chords[max(0, i - 32)..<i]
      let low = chord.lowest + 4
      let high = chord.highest - 4
      let distances = [
        after.first { $0.lowest <= low }, before.last { $0.lowest <= low },
        after.first { $0.highest >= high }, before.last { $0.highest >= high },
      ]
      for (row, other) in distances.enumerated() {
        self[15 + row, i] = Self.logarithm(other.map { abs($0.onset - chord.onset) } ?? 4, unit: 0.3)
      }
    }
  }

  /// 19: change of pitch classes from the 0.8 s before to the 0.8 s after; 20: share of pitches struck just before;
  /// 21: share of pitch classes not struck in the 0.8 s before.
  private mutating func addHarmony(_ notes: [PlayedNote]) {
    let reach = 0.8
    var past = [Float](repeating: 0, count: 12)
    var future = past
    var (oldest, now, newest) = (0, 0, 0)
    for i in chords.indices {
      let range = chords[i].notes
      let time = notes[range.lowerBound].onset.rawValue
      while newest < notes.count, notes[newest].onset.rawValue < time + reach {
        future[notes[newest].pitch.pitchClass.rawValue] += 1
        newest += 1
      }
      while now < range.lowerBound {
        future[notes[now].pitch.pitchClass.rawValue] -= 1
        past[notes[now].pitch.pitchClass.rawValue] += 1
        now += 1
      }
      while oldest < now, notes[oldest].onset.rawValue < time - reach {
        past[notes[oldest].pitch.pitchClass.rawValue] -= 1
        oldest += 1
      }
      var (dot, norm, otherNorm): (Float, Float, Float) = (0, 0, 0)
      for pitchClass in 0..<12 {
        dot += past[pitchClass] * future[pitchClass]
        norm += past[pitchClass] * past[pitchClass]
        otherNorm += future[pitchClass] * future[pitchClass]
      }
      self[19, i] = norm > 0 && otherNorm > 0 ? 1 - dot / (norm * otherNorm).squareRoot() : 0.5
      let previous = i > 0 ? notes[chords[i - 1].notes] : []
      let repeated = notes[range].count { note in previous.contains { $0.pitch == note.pitch } }
      let new = notes[range].count { past[$0.pitch.pitchClass.rawValue] <= 0 }
      self[20, i] = Float(repeated) / Float(range.count)
      self[21, i] = Float(new) / Float(range.count)
    }
  }
}
