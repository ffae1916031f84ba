/// The chords of music over time with their keys and places in the bar: a chord chart.
///
/// Lengths are given twice: in ticks of 1/64 s, as the music is played, and in half beats, as it is written.
public struct ChordChart: Hashable, Sendable {
  /// A chord of a chart.
  public struct Entry: Hashable, Sendable {
    /// When it begins.
    public var start: TokenTime
    /// When it ends: at the start of the next entry, or earlier if silence follows.
    public var end: TokenTime
    /// The chord.
    public var chord: Chord
    /// The local key.
    public var key: Key
    /// Where in its bar it begins, in half beats.
    public var place: Int
    /// Its length up to the start of the next entry, in half beats.
    public var halfBeats: Int
    /// The beats of its bar.
    public var beatsPerBar: Int

    /// Creates an entry.
    public init(
      start: TokenTime, end: TokenTime, chord: Chord, key: Key, place: Int, halfBeats: Int, beatsPerBar: Int
    ) {
      self.start = start
      self.end = end
      self.chord = chord
      self.key = key
      self.place = place
      self.halfBeats = halfBeats
      self.beatsPerBar = beatsPerBar
    }
  }

  /// The chords in order; none overlap.
  public var entries: [Entry]
  /// Whether the first entry is the first of its piece.
  public var isBeginning: Bool
  /// Whether the last entry is the last of its piece.
  public var isEnding: Bool

  /// Creates a chart.
  public init(_ entries: [Entry], isBeginning: Bool = true, isEnding: Bool = true) {
    self.entries = entries
    self.isBeginning = isBeginning
    self.isEnding = isEnding
  }

  /// The index of the last entry that begins at or before a time; nil if there is none. O(log n).
  public func index(at time: TokenTime) -> Int? {
    let next = entries.partitioningIndex { $0.start > time }
    return next > 0 ? next - 1 : nil
  }

  /// The mean length of a beat in seconds; nil if the chart is empty.
  public var secondsPerBeat: Double? {
    guard let first = entries.first, let last = entries.last else { return nil }
    let halfBeats = entries.reduce(0) { $0 + $1.halfBeats }
    return halfBeats > 0 ? 2 * (last.end - first.start).seconds.rawValue / Double(halfBeats) : nil
  }

  /// The entries around a span of time: up to `before` that begin before it, and `after` that begin after it.
  public func around(_ span: Range<TokenTime>, before: Int, after: Int) -> ChordChart {
    let first = entries.partitioningIndex { $0.start >= span.lowerBound }
    let last = entries.partitioningIndex { $0.start >= span.upperBound }
    let kept = max(0, first - before)..<min(entries.count, last + after)
    return ChordChart(
      Array(entries[kept]), isBeginning: isBeginning && kept.lowerBound == 0,
      isEnding: isEnding && kept.upperBound == entries.count)
  }

  /// The chart preceded by the entries of another one that begin before it; the other one if it is empty.
  public func after(_ other: ChordChart?) -> ChordChart {
    guard let other, let start = entries.first?.start else { return other ?? self }
    var earlier = Array(other.entries.prefix { $0.start < start })
    if let last = earlier.last { earlier[earlier.count - 1].end = min(last.end, start) }
    return ChordChart(earlier + entries, isBeginning: other.isBeginning, isEnding: isEnding)
  }

  /// The chart of the same music transposed, with all times mapped.
  public func changed(semitones: Int, time: (TokenTime) -> TokenTime) -> ChordChart {
    var chart = self
    for index in entries.indices {
      let entry = entries[index]
      chart.entries[index].start = time(entry.start)
      chart.entries[index].end = time(entry.end)
      chart.entries[index].chord = entry.chord.transposed(by: semitones)
      chart.entries[index].key.tonic = entry.key.tonic.transposed(by: semitones)
    }
    return chart
  }
}

// MARK: Numbers

extension ChordChart {
  /// The entries as small numbers for a file, five for each entry.
  package var numbers: [Int] {
    var time = 0
    return entries.flatMap { entry in
      let quality = ChordQuality.allCases.firstIndex(of: entry.chord.quality) ?? 0
      let symbol = (entry.key.index * 12 + entry.chord.root.rawValue) * ChordQuality.allCases.count + quality
      defer { time = entry.end.rawValue }
      return [
        entry.start.rawValue - time, (entry.end - entry.start).rawValue, 4 * symbol + entry.chord.inversion,
        entry.halfBeats, Self.places * entry.beatsPerBar + entry.place,
      ]
    }
  }

  /// More than the half beats of any bar.
  private static let places = 1024

  /// A whole chart from its numbers; nil if they are not those of a chart.
  package init?(numbers: [Int]) {
    guard numbers.count.isMultiple(of: 5) else { return nil }
    let qualities = ChordQuality.allCases
    var (entries, time): ([Entry], Int) = ([], 0)
    for first in stride(from: 0, to: numbers.count, by: 5) {
      let (gap, length, symbol) = (numbers[first], numbers[first + 1], numbers[first + 2])
      let (halfBeats, place) = (numbers[first + 3], numbers[first + 4])
      guard (0...Self.longest).contains(gap), (1...Self.longest).contains(length), symbol >= 0,
        symbol < Key.count * 12 * qualities.count * 4, (1...Self.longest).contains(halfBeats),
        (Self.places..<Self.places * Self.places).contains(place), time < Int(Int32.max)
      else { return nil }
      let chord = symbol / 4
      let root = chord / qualities.count
      entries.append(
        Entry(
          start: TokenTime(rawValue: time + gap), end: TokenTime(rawValue: time + gap + length),
          chord: Chord(
            root: PitchClass(semitones: root % 12), quality: qualities[chord % qualities.count], inversion: symbol % 4),
          key: Key(index: root / 12), place: place % Self.places, halfBeats: halfBeats, beatsPerBar: place / Self.places
        ))
      time += gap + length
    }
    self.init(entries)
  }

  /// A limit for lengths in a file, which no music reaches.
  private static let longest = 1 << 24
}
