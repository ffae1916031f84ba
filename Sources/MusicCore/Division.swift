/// The time unit of a score's ticks (Standard MIDI Files 1.0, header chunk).
public enum Division: Hashable, Sendable {
  /// Ticks per quarter note, 1…32767; the tempo determines the length of a quarter note.
  case metrical(ticksPerQuarter: Int)
  /// Ticks of a fixed length, `ticksPerFrame` (1…255) to a SMPTE frame.
  case timecode(FrameRate, ticksPerFrame: Int)

  /// SMPTE frame rates, by their code in MIDI files.
  public enum FrameRate: Int, Hashable, Sendable {
    case fps24 = 24
    case fps25 = 25
    /// 30 000 / 1001 frames per second, "29.97 drop frame".
    case fps29_97 = 29
    case fps30 = 30
  }
}

extension Division: CustomStringConvertible {
  public var description: String {
    switch self {
    case .metrical(let ticks): "\(ticks) ticks per quarter"
    case .timecode(let rate, let ticks):
      "\(rate == .fps29_97 ? "29.97" : "\(rate.rawValue)") frames per second, \(ticks) ticks per frame"
    }
  }
}
