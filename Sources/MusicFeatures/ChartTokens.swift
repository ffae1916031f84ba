internal import Glibc
public import MusicCore

/// Chord charts as sequences of tokens, from which a model learns progressions.
///
/// A sequence begins with five tokens: whether the piece begins here, the beats of a bar, the tempo, the mode, and the
/// place in the bar. Then each chord has three: chord and inversion, relative to the key, and the length; a token before
/// them changes the key. The last one ends the piece. Sequences do not depend on the tonic of the first key, so that
/// progressions are learned for all keys at once.
public enum ChartTokens {
  /// The kinds of tokens in the order of their ids, each with the number of its values.
  public enum Kind: Int, CaseIterable, Sendable {
    /// The start of a sequence: 0 at the beginning of a piece, 1 elsewhere.
    case start
    /// The beats of a bar, less one.
    case meter
    /// The length of a beat: 0.2 s times 2 to the power of an eighth of the value.
    case tempo
    /// The mode of the first key: 0 for major.
    case mode
    /// The place in the bar where the first chord begins, in half beats.
    case place
    /// A new key: twice the interval between the tonics, plus 1 for minor.
    case key
    /// The interval of the root above the tonic times the number of qualities, plus the quality.
    case chord
    /// The inversion of the chord.
    case inversion
    /// The length of the chord in half beats, less one.
    case length
    /// The end of the piece.
    case end

    /// The number of values.
    public var count: Int {
      switch self {
      case .start, .mode: 2
      case .meter: 8
      case .tempo, .key: 24
      case .place: 16
      case .chord: 12 * ChordQuality.allCases.count
      case .inversion: 4
      case .length: 32
      case .end: 1
      }
    }

    /// The ids.
    public var ids: Range<Int> { ChartTokens.firsts[rawValue]..<ChartTokens.firsts[rawValue] + count }
  }

  /// The first id of each kind.
  private static let firsts: [Int] = {
    var next = 0
    return Kind.allCases.map { kind in
      defer { next += kind.count }
      return next
    }
  }()

  /// The number of ids.
  public static let count = Kind.allCases.reduce(0) { $0 + $1.count }

  /// The number of places that accompany tokens: none, then the half beats of a bar.
  public static let placeCount = Kind.place.count + 1

  /// A token with the place in the bar of the chord that the token after it belongs to: 0 for none, otherwise the half
  /// beat plus 1.
  public struct Element: Hashable, Sendable {
    /// The id, 0 ..< `count`.
    public var id: Int
    /// The place, 0 ..< `placeCount`.
    public var nextPlace: Int

    /// Creates an element.
    public init(id: Int, nextPlace: Int) {
      self.id = id
      self.nextPlace = nextPlace
    }
  }

  /// The tokens of a chart; none if it is empty.
  public static func elements(of chart: ChordChart) -> [Element] {
    guard let first = chart.entries.first else { return [] }
    var elements = opening(chart, first)
    var key = first.key
    for (index, entry) in chart.entries.enumerated() {
      let here = place(entry.place)
      if entry.key != key {
        elements.append(Element(id: id(.key, keyChange(from: key, to: entry.key)), nextPlace: here))
        key = entry.key
      }
      let quality = ChordQuality.allCases.firstIndex(of: entry.chord.quality) ?? 0
      let degree = entry.chord.root.interval(above: key.tonic)
      elements.append(Element(id: id(.chord, degree * ChordQuality.allCases.count + quality), nextPlace: here))
      elements.append(Element(id: id(.inversion, entry.chord.inversion), nextPlace: here))
      let after = index + 1 < chart.entries.count ? place(chart.entries[index + 1].place) : 0
      elements.append(Element(id: id(.length, entry.halfBeats - 1), nextPlace: after))
    }
    if chart.isEnding { elements.append(Element(id: id(.end, 0), nextPlace: 0)) }
    return elements
  }

  /// The id of a kind and a value; values beyond the last are the last.
  package static func id(_ kind: Kind, _ value: Int) -> Int { kind.ids.lowerBound + min(max(0, value), kind.count - 1) }

  /// The kind and value of an id.
  package static func meaning(of id: Int) -> (kind: Kind, value: Int) {
    let kind = Kind.allCases.last { $0.ids.lowerBound <= id } ?? .start
    return (kind, id - kind.ids.lowerBound)
  }

  /// The tempo value nearest to a length of the beat.
  package static func tempo(ofSecondsPerBeat seconds: Double) -> Int {
    min(max(0, Int((8 * log2(max(0.01, seconds) / 0.2)).rounded())), Kind.tempo.count - 1)
  }

  /// The length of the beat that a tempo value stands for.
  package static func secondsPerBeat(ofTempo value: Int) -> Double { 0.2 * exp2(Double(value) / 8) }

  /// The place that accompanies tokens, of a half beat in the bar.
  package static func place(_ halfBeat: Int) -> Int { 1 + min(max(0, halfBeat), Kind.place.count - 1) }

  private static func keyChange(from old: Key, to new: Key) -> Int {
    2 * new.tonic.interval(above: old.tonic) + (new.isMinor ? 1 : 0)
  }

  /// The first tokens of the sequence of a chart.
  private static func opening(_ chart: ChordChart, _ first: ChordChart.Entry) -> [Element] {
    [
      Element(id: id(.start, chart.isBeginning ? 0 : 1), nextPlace: 0),
      Element(id: id(.meter, first.beatsPerBar - 1), nextPlace: 0),
      Element(id: id(.tempo, tempo(ofSecondsPerBeat: chart.secondsPerBeat ?? 0.5)), nextPlace: 0),
      Element(id: id(.mode, first.key.isMinor ? 1 : 0), nextPlace: 0),
      Element(id: id(.place, first.place), nextPlace: place(first.place)),
    ]
  }
}
