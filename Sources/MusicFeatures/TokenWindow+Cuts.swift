internal import MusicTokens

extension TokenWindow {
  /// A section of a stream, with a keyboard state computed from only the `context` tokens before it.
  ///
  /// Sections of a long piece and of a short take are thus treated equally. O(context + length).
  ///
  /// - Parameter context: the maximum number of preceding tokens to use.
  public init(of tokens: some RandomAccessCollection<UInt16>, from start: Int, count: Int, context: Int) {
    var state = KeyboardState()
    let first = tokens.index(tokens.startIndex, offsetBy: start)
    for token in tokens[tokens.index(tokens.startIndex, offsetBy: max(0, start - context))..<first] {
      state.apply(token)
    }
    self.init(tokens: Array(tokens[first...].prefix(count)), start: state)
  }

  /// The music transposed by a number of semitones, or by less if a key would leave the range of the piano (A0–C8).
  public func transposed(by semitones: Int) -> TokenWindow {
    var (lowest, highest) = (127, 0)
    func include(_ key: Int) { (lowest, highest) = (min(lowest, key), max(highest, key)) }
    for key in 0..<128 where start.isSounding(key) { include(key) }
    for token in tokens where token < Token.noteOffs.upperBound { include(Int(token % Token.noteOffs.lowerBound)) }
    guard lowest <= highest else { return self }
    let room = min(0, 21 - lowest)...max(0, 108 - highest)
    let shift = min(max(semitones, room.lowerBound), room.upperBound)
    return TokenWindow(
      tokens: tokens.map { $0 < Token.noteOffs.upperBound ? UInt16(Int($0) + shift) : $0 },
      start: start.changed(semitones: shift, levels: 0, ticks: { $0 }))
  }
}
