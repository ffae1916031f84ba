/// A progression of chords in bars, as in `| C Am | F G7 |`.
public struct ChordProgression: Hashable, Sendable {
  /// The chords of each bar, which share it equally; at least one.
  public var bars: [[Chord]]

  /// Parses chord symbols. Bars are separated by `|`; without it each chord has a bar of its own. `%` repeats the bar
  /// before.
  ///
  /// - Throws: `ChordProgressionError` with the first symbol that is not valid.
  public init(_ text: String) throws(ChordProgressionError) {
    let hasBars = text.contains("|")
    let bars = text.split { hasBars ? $0 == "|" : $0.isWhitespace }.map { $0.split(whereSeparator: \.isWhitespace) }
    self.bars = []
    for symbols in bars where !symbols.isEmpty {
      if symbols == ["%"], let last = self.bars.last {
        self.bars.append(last)
        continue
      }
      var chords: [Chord] = []
      for symbol in symbols {
        guard let chord = Chord(symbol: symbol) else { throw .unknownSymbol(String(symbol)) }
        chords.append(chord)
      }
      self.bars.append(chords)
    }
    guard !self.bars.isEmpty else { throw .empty }
  }

  /// The key in which the most tones of the triads are, weighted by their lengths, and rather one whose tonic chord is the
  /// last or the first.
  public var key: Key {
    func fit(_ key: Key) -> Double {
      let scale = key.scaleWithLeadingTone
      let inside = bars.reduce(0.0) { sum, chords in
        chords.reduce(sum) { sum, chord in
          let triad = chord.tones.prefix(3)
          return sum + Double(triad.count { scale.contains($0) }) / Double(3 * chords.count)
        }
      }
      func isTonic(_ chord: Chord?) -> Bool { chord?.root == key.tonic && (chord?.quality.third == 3) == key.isMinor }
      let tonics = (isTonic(bars.first?.first) ? 0.2 : 0) + (isTonic(bars.last?.last) ? 0.3 : 0)
      return inside + tonics
    }
    let keys = (0..<Key.count).map(Key.init(index:))
    return keys.max { fit($0) < fit($1) } ?? Key(tonic: PitchClass(semitones: 0), isMinor: false)
  }

  /// The chart of the progression, repeated up to a length.
  ///
  /// - Parameters:
  ///   - key: the key; nil for the one found.
  ///   - beatsPerBar: the beats of a bar.
  ///   - secondsPerBeat: the length of a beat.
  /// - Throws: `ChordProgressionError.tooManyChords` if a chord would be shorter than half a beat.
  public func chart(
    ofLength length: TokenTime, key: Key? = nil, beatsPerBar: Int = 4, secondsPerBeat: Double = 0.5
  ) throws(ChordProgressionError) -> ChordChart {
    let key = key ?? self.key
    let halfBeats = 2 * beatsPerBar
    if let bar = bars.first(where: { $0.count > halfBeats }) { throw .tooManyChords(bar.count) }
    var entries: [ChordChart.Entry] = []
    func time(_ halfBeat: Int) -> TokenTime { TokenTime(Seconds(Double(halfBeat) * secondsPerBeat / 2)) }
    var bar = 0
    while time(bar * halfBeats) < length {
      let chords = bars[bar % bars.count]
      for (index, chord) in chords.enumerated() {
        let (place, next) = (index * halfBeats / chords.count, (index + 1) * halfBeats / chords.count)
        let start = bar * halfBeats + place
        entries.append(
          ChordChart.Entry(
            start: time(start), end: time(start + next - place), chord: chord, key: key, place: place,
            halfBeats: next - place, beatsPerBar: beatsPerBar))
      }
      bar += 1
    }
    return ChordChart(entries, isEnding: false)
  }
}

/// Why a text is no chord progression.
public enum ChordProgressionError: Error, Hashable, Sendable, CustomStringConvertible {
  case empty
  case unknownSymbol(String)
  case tooManyChords(Int)

  public var description: String {
    switch self {
    case .empty: "there is no chord"
    case .unknownSymbol(let symbol):
      "\"\(symbol)\" is not a chord; known are such as C, F#m, Bb7, Cmaj7, Dm7b5 and G7/B"
    case .tooManyChords(let count): "\(count) chords in a bar, of which each would be shorter than half a beat"
    }
  }
}
