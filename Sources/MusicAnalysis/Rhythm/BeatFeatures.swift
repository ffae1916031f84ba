internal import Glibc
internal import MusicCore

/// The features of each chord that are the input of `BeatNetwork`.
///
/// The features are as independent of absolute time and transposition as possible, and about −2…2.
package struct BeatFeatures {
  private static let plainCount = 32
  static let count = plainCount + 2 * Tempogram.lagCount
  private static let limit: Float = 6

  let chords: [OnsetGroup]
  /// Chords × `count`, row-major.
  private(set) var values: [Float]
  private let details: [Details]

  /// Velocities and durations in seconds of the notes of a chord.
  private struct Details {
    var meanVelocity = 0.0
    var greatestVelocity = 0.0
    var bassVelocity = 0.0
    var topVelocity = 0.0
    var longest = 0.0
    var shortest = Double.infinity
    var bassLength = 0.0
    var topLength = 0.0
    /// The sum of the durations, each clamped to 0.05–1.5 s.
    var totalLength = 0.0
    var latestEnd = 0.0
    var pitches = PitchSet()

    init(_ notes: ArraySlice<PlayedNote>) {
      for note in notes {
        let velocity = Double(note.velocity.rawValue)
        let length = note.duration.rawValue
        let pitch = Int(note.pitch.rawValue)
        if pitch < pitches.lowest ?? 128 { (bassVelocity, bassLength) = (velocity, length) }
        if pitch > pitches.highest ?? -1 { (topVelocity, topLength) = (velocity, length) }
        pitches.insert(pitch)
        meanVelocity += velocity / Double(notes.count)
        greatestVelocity = max(greatestVelocity, velocity)
        longest = max(longest, length)
        shortest = min(shortest, length)
        totalLength += min(max(length, 0.05), 1.5)
        latestEnd = max(latestEnd, note.end.rawValue)
      }
    }
  }

  /// The features of notes that are sorted by onset. O(n).
  package init(notes: [PlayedNote], chords: [OnsetGroup]) {
    self.chords = chords
    values = [Float](repeating: 0, count: Self.count * chords.count)
    details = chords.map { Details(notes[$0.notes]) }
    addIntervals()
    addLoudness()
    addRegister()
    addLengths()
    addRegisterIntervals()
    addRepetition()
    addHarmony(notes)
    addTempogram()
    for index in values.indices { values[index] = min(max(values[index], -Self.limit), Self.limit) }
  }

  private subscript(feature: Int, chord: Int) -> Float {
    get { values[chord * Self.count + feature] }
    set { values[chord * Self.count + feature] = newValue }
  }

  /// A duration on a logarithmic scale around `unit`, both in seconds.
  private static func logarithm(_ seconds: Double, unit: Double) -> Float {
    Float(log(min(max(seconds, 0.03), 4) / unit))
  }

  /// 0: log inter-onset interval from the previous chord; 1: to the next; 2: their log ratio; 3: from the second to last
  /// chord; 4: to the second next; 5: the number of notes in the chord.
  private mutating func addIntervals() {
    func interval(_ i: Int, _ j: Int, outside: Double) -> Double {
      i >= 0 && j < chords.count ? chords[j].onset - chords[i].onset : outside
    }
    for i in chords.indices {
      self[0, i] = Self.logarithm(interval(i - 1, i, outside: 2), unit: 0.2)
      self[1, i] = Self.logarithm(interval(i, i + 1, outside: 2), unit: 0.2)
      self[2, i] = self[1, i] - self[0, i]
      self[3, i] = Self.logarithm(interval(i - 2, i, outside: 3), unit: 0.4)
      self[4, i] = Self.logarithm(interval(i, i + 2, outside: 3), unit: 0.4)
      self[5, i] = Float(min(chords[i].notes.count, 6)) / 3 - 0.5
    }
  }

  /// 6: mean velocity; 7: maximum velocity; 8: that of the bass; 9: that of the top note, relative to 12 chords on each side.
  private mutating func addLoudness() {
    for i in chords.indices {
      let window = details[max(0, i - 12)..<min(chords.count, i + 13)]
      let mean = window.reduce(0) { $0 + $1.meanVelocity } / Double(window.count)
      let greatest = window.reduce(0) { $0 + $1.greatestVelocity } / Double(window.count)
      self[6, i] = Float((details[i].meanVelocity - mean) / 15)
      self[7, i] = Float((details[i].greatestVelocity - greatest) / 15)
      self[8, i] = Float((details[i].bassVelocity - mean) / 15)
      self[9, i] = Float((details[i].topVelocity - greatest) / 15)
    }
  }

  /// 10, 11: bass and top pitch; 12, 13: relative to the lowest and highest pitch of the 8 previous chords; 14, 15: top and
  /// bass relative to those of the previous chord; 16, 17: like 12 and 13 for the 8 following chords.
  private mutating func addRegister() {
    for i in chords.indices {
      let chord = chords[i]
      self[10, i] = Float(chord.lowest - 50) / 18
      self[11, i] = Float(chord.highest - 72) / 14
      let before = chords[max(0, i - 8)..<i]
      let after = chords[i + 1..<max(i + 1, min(chords.count, i + 9))]
      for (row, side) in [(12, before), (16, after)] where !side.isEmpty {
        let lowest = side.reduce(127) { min($0, $1.lowest) }
        let highest = side.reduce(0) { max($0, $1.highest) }
        self[row, i] = Float(chord.lowest - lowest) / 12
        self[row + 1, i] = Float(chord.highest - highest) / 12
      }
      if let last = before.last {
        self[14, i] = Float(chord.highest - last.highest) / 12
        self[15, i] = Float(chord.lowest - last.lowest) / 12
      }
    }
  }

  /// Log durations of 18: the longest note; 19: the bass; 20: the top note; 21: the shortest note. 22: the rest before the
  /// chord.
  private mutating func addLengths() {
    var latestEnd = chords.first?.onset ?? 0
    for i in chords.indices {
      self[18, i] = Self.logarithm(details[i].longest, unit: 0.3)
      self[19, i] = Self.logarithm(details[i].bassLength, unit: 0.3)
      self[20, i] = Self.logarithm(details[i].topLength, unit: 0.3)
      self[21, i] = Self.logarithm(details[i].shortest, unit: 0.3)
      self[22, i] = Float(2 * min(max(chords[i].onset - latestEnd, -0.3), 1))
      latestEnd = max(latestEnd, details[i].latestEnd)
    }
  }

  /// Log times to the next (23) and from the last (24) chord with a bass as low, and with a top note as high (25, 26).
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
        self[23 + row, i] = Self.logarithm(other.map { abs($0.onset - chord.onset) } ?? 4, unit: 0.3)
      }
    }
  }

  /// 27: the share of pitches that are also in the previous chord.
  private mutating func addRepetition() {
    for i in chords.indices.dropFirst() {
      let repeated = details[i].pitches.intersection(details[i - 1].pitches).count
      self[27, i] = Float(repeated) / Float(chords[i].notes.count)
    }
  }

  /// 28, 29, 30: the change of pitch classes between windows of 0.4, 0.8 and 1.6 s before and after the chord; 31: the share
  /// of pitch classes without an onset in the 0.8 s before.
  private mutating func addHarmony(_ notes: [PlayedNote]) {
    for (row, reach) in [0.4, 0.8, 1.6].enumerated() {
      var past = SIMD16<Float>()
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
        let norms = (past * past).sum() * (future * future).sum()
        self[28 + row, i] = norms > 0 ? 1 - (past * future).sum() / norms.squareRoot() : 0.5
        if row == 1 {
          let new = notes[range].count { past[$0.pitch.pitchClass.rawValue] == 0 }
          self[31, i] = Float(new) / Float(range.count)
        }
      }
    }
  }

  private mutating func addTempogram() {
    let weights = zip(chords, details).map { chord, details in
      Tempogram.Weight(
        onset: chord.onset, length: details.totalLength, noteCount: chord.notes.count, pitches: details.pitches)
    }
    Tempogram(weights).write(to: &values, stride: Self.count, column: Self.plainCount)
  }
}
