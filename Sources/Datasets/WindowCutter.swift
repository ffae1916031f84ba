/// Cuts windows out of the tokens of a piece and repairs the state of the cut.
///
/// No note ends that did not start in the window, the first note states its velocity level, and the time before it
/// is dropped; what stands between two tokens that stay is written as the codec writes it.
package struct WindowCutter {
  /// A place in a piece at which a window can begin.
  package struct Start: Hashable {
    /// The first token that may be in the window.
    package var index = 0
    /// The velocity level there, as a token; mf where none was stated.
    package var level: UInt16 = 771

    package init(index: Int = 0, level: UInt16 = 771) {
      self.index = index
      self.level = level
    }
  }

  /// What a window takes of its piece.
  package struct Extent {
    /// Where the next window begins.
    package var next: Start
    /// Notes that start in the window.
    package var notes: Int
    /// Whether nothing is left for another window.
    package var reachesEnd: Bool
    /// Ticks of 1/64 s that pass after the window's tokens and that it does not state.
    package var gap: Int
  }

  /// Replaces `window` by up to `limit` tokens from a place on. O(tokens consumed).
  package static func cut(
    _ tokens: UnsafeBufferPointer<UInt16>, from start: Start, limit: Int, into window: inout [UInt16]
  ) -> Extent {
    window.removeAll(keepingCapacity: true)
    var level = start.level
    var stated: UInt16?
    var shift = 0
    var notes = 0
    var sounding: UInt128 = 0
    for index in start.index..<max(start.index, tokens.count) {
      let token = tokens[index]
      switch token {
      case 256..<768: shift += Int(token) - 255
      case 768...: level = token
      default:
        let pitch: UInt128 = 1 << UInt128(token & 127)
        let isOnset = token < 128
        guard isOnset || sounding & pitch != 0 else { continue }
        if window.isEmpty { shift = 0 }
        while shift > 0, window.count < limit {
          window.append(255 + UInt16(min(shift, 512)))
          shift -= min(shift, 512)
        }
        if isOnset, stated != level, window.count < limit {
          window.append(level)
          stated = level
        }
        guard window.count < limit else {
          return Extent(next: Start(index: index, level: level), notes: notes, reachesEnd: false, gap: shift)
        }
        window.append(token)
        sounding ^= isOnset == (sounding & pitch != 0) ? 0 : pitch
        notes += isOnset ? 1 : 0
      }
    }
    return Extent(next: Start(index: tokens.count, level: level), notes: notes, reachesEnd: true, gap: shift)
  }
}
