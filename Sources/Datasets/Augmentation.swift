internal import MusicCore
internal import MusicTokens

/// How training varies the music it sees. Each part can be turned off.
///
/// A change that would press notes against an edge is not made: a transposition keeps all pitches inside the piano
/// (A0–C8), or inside 0…127 where they were not, and a change of level all levels inside pp…ff.
public struct Augmentation: Codable, Hashable, Sendable {
  /// Transpositions in semitones, each as likely as another; 0…0 is none. Contains 0.
  public var semitones: ClosedRange<Int>
  /// How much faster or slower at most, as a share of the tempo, below 1; 0 is none.
  public var tempo: Double
  /// How many velocity levels louder or softer at most; 0 is none.
  public var levels: Int

  public init(semitones: ClosedRange<Int> = -5...6, tempo: Double = 0.1, levels: Int = 1) {
    precondition(semitones.contains(0), "the transpositions contain 0")
    precondition((0..<1).contains(tempo) && levels >= 0, "the tempo changes by 0 ..< 1, levels by 0 or more")
    self.semitones = semitones
    self.tempo = tempo
    self.levels = levels
  }

  /// Music as it is.
  public static let none = Augmentation(semitones: 0...0, tempo: 0, levels: 0)
}

extension Augmentation {
  /// A change of a window, drawn at random.
  struct Change: Hashable {
    var semitones = 0
    /// The new tempo in thousandths of the old one.
    var tempo = 1000
    var levels = 0
  }

  /// Draws a change that is possible for a repaired window, of which the first `length` tokens are to stay.
  func change(of window: [UInt16], length: Int, with generator: inout SplitMix64) -> Change {
    var (kept, pitches, levels) = (Bounds(), Bounds(), Bounds())
    for (index, token) in window.enumerated() {
      if token < 128 { pitches.add(Int(token)) }
      if token < 128, index < length { kept.add(Int(token)) }
      if token >= 768 { levels.add(Int(token) - 768) }
    }
    let permille = Int((tempo * 1000).rounded())
    let faster = generator.number(in: (1000 - permille)...(1000 + permille))
    let louder = generator.number(in: -self.levels...self.levels)
    let piano = 21...108
    let room = pitches.room(in: 0...127).clamped(to: kept.room(in: kept.isInside(piano) ? piano : 0...127))
    return Change(
      semitones: generator.number(in: semitones.clamped(to: room)), tempo: faster,
      levels: levels.room(in: 0...5).contains(louder) ? louder : 0)
  }

  /// The lowest and highest of some numbers.
  private struct Bounds {
    var low = Int.max
    var high = Int.min

    mutating func add(_ value: Int) { (low, high) = (min(low, value), max(high, value)) }

    func isInside(_ range: ClosedRange<Int>) -> Bool { low >= range.lowerBound && high <= range.upperBound }

    /// How far all numbers can be moved inside a range that has them.
    func room(in range: ClosedRange<Int>) -> ClosedRange<Int> {
      low > high ? 0...0 : (range.lowerBound - low)...(range.upperBound - high)
    }
  }
}

extension Augmentation.Change {
  /// A repaired window with this change, written by the rules of the codec. Ticks are rounded as positions from
  /// the window's start; what still sounds at its end goes on sounding. O(n).
  func applied(to window: [UInt16]) -> [UInt16] {
    var writer = TokenWriter()
    writer.reserve(window.count + 16)
    var serials = [Int32](repeating: 0, count: 128)
    var (tick, level) = (0, DynamicLevel.mf)
    for token in window {
      switch token {
      case ..<128:
        let pitch = Int(token) + semitones
        writer.advance(to: scaled(tick))
        serials[pitch] = writer.start(pitch, level: level, held: 0)
      case ..<256:
        let pitch = Int(token) - 128 + semitones
        writer.advance(to: scaled(tick))
        writer.end(pitch, serial: serials[pitch])
      case ..<768: tick += Int(token) - 255
      default: level = DynamicLevel(rawValue: UInt8(Int(token) - 768 + levels)) ?? level
      }
    }
    // The last tick, and the ends of the notes that started in it.
    writer.advance(to: scaled(tick) + 2)
    return writer.takeTokens().map(\.rawValue)
  }

  private func scaled(_ tick: Int) -> Int { (2 * 1000 * tick + tempo) / (2 * tempo) }
}
