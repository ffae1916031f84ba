internal import MusicCore
internal import MusicFeatures
internal import MusicTokens

/// Data augmentation for training. Each part can be turned off.
///
/// Pitches and levels are never clipped: a transposition keeps all pitches inside the piano's range
/// (A0–C8), or inside 0…127 where some were outside it, and a change of level keeps all levels inside pp…ff.
public struct Augmentation: Codable, Hashable, Sendable {
  /// The range of transpositions in semitones, uniformly distributed; contains 0, and 0…0 is none.
  public var semitones: ClosedRange<Int>
  /// The maximum change of tempo in either direction, as a fraction of the tempo, below 1; 0 is none.
  public var tempo: Double
  /// The maximum change of dynamics in either direction, in velocity levels; 0 is none.
  public var levels: Int

  /// Creates an augmentation.
  public init(semitones: ClosedRange<Int> = -5...6, tempo: Double = 0.1, levels: Int = 1) {
    precondition(semitones.contains(0), "the transpositions contain 0")
    precondition((0..<1).contains(tempo) && levels >= 0, "the tempo changes by 0 ..< 1, levels by 0 or more")
    self.semitones = semitones
    self.tempo = tempo
    self.levels = levels
  }

  /// No augmentation.
  public static let none = Augmentation(semitones: 0...0, tempo: 0, levels: 0)
}

extension Augmentation {
  /// A random change of a window.
  struct Change: Hashable {
    var semitones = 0
    /// The factor by which times are divided, in thousandths.
    var tempo = 1000
    var levels = 0
  }

  /// Draws a random change that is possible for a window of which the first `length` tokens will be kept.
  func change(of window: TokenWindow, length: Int, with generator: inout SplitMix64) -> Change {
    var (kept, pitches, levels) = (Bounds(), Bounds(), Bounds())
    for pitch in 0..<128 where window.start.isSounding(pitch) {
      pitches.add(pitch)
      kept.add(pitch)
    }
    if let level = window.start.level { levels.add(Int(level)) }
    for (index, token) in window.tokens.enumerated() {
      if Token.noteOns.contains(token) {
        pitches.add(Int(token))
        if index < length { kept.add(Int(token)) }
      }
      if token >= Token.velocityChanges.lowerBound { levels.add(Int(token - Token.velocityChanges.lowerBound)) }
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

  /// The minimum and maximum of a set of numbers.
  private struct Bounds {
    var low = Int.max
    var high = Int.min

    mutating func add(_ value: Int) { (low, high) = (min(low, value), max(high, value)) }

    func isInside(_ range: ClosedRange<Int>) -> Bool { low >= range.lowerBound && high <= range.upperBound }

    /// By how much all numbers can be shifted without leaving a range that contains them.
    func room(in range: ClosedRange<Int>) -> ClosedRange<Int> {
      low > high ? 0...0 : (range.lowerBound - low)...(range.upperBound - high)
    }
  }
}

extension Augmentation.Change {
  /// The changed window, encoded again by the rules of the codec. Ticks are rounded as positions relative to the window's
  /// start; notes that sound at its end are not ended. O(n).
  func applied(to window: TokenWindow) -> TokenWindow {
    let start = window.start.changed(semitones: semitones, levels: levels, ticks: scaled)
    var writer = TokenWriter()
    writer.reserve(window.tokens.count + 16)
    writer.resume(level: start.level.flatMap(DynamicLevel.init), sounding: start.sounding)
    var serials = [Int32](repeating: 1, count: 128)
    var (tick, level) = (0, start.level.flatMap(DynamicLevel.init) ?? .mf)
    for token in window.tokens {
      switch token {
      case Token.noteOns:
        let pitch = Int(token) + semitones
        writer.advance(to: scaled(tick))
        serials[pitch] = writer.start(pitch, level: level, held: 0)
      case Token.noteOffs:
        let pitch = Int(token - Token.noteOffs.lowerBound) + semitones
        writer.advance(to: scaled(tick))
        writer.end(pitch, serial: serials[pitch])
      case Token.timeShifts: tick += Token.ticks(ofShift: token)
      default: level = DynamicLevel(rawValue: UInt8(Int(token - Token.velocityChanges.lowerBound) + levels)) ?? level
      }
    }
    // Also writes the ends of the notes that started on the last tick.
    writer.advance(to: scaled(tick) + 2)
    let chart = window.chart?.changed(semitones: semitones) { time in
      TokenTime(rawValue: scaled((time - window.start.time).rawValue))
    }
    return TokenWindow(tokens: writer.takeTokens().map(\.rawValue), start: start, chart: chart)
  }

  /// The tick at the changed tempo nearest to a tick, which may be negative.
  private func scaled(_ tick: Int) -> Int {
    let (quotient, remainder) = (2 * 1000 * tick + tempo).quotientAndRemainder(dividingBy: 2 * tempo)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
