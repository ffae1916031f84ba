internal import MusicCore
internal import MusicTokens

extension Configuration.Vocabulary {
  /// A hash of the meaning of all ids: FNV-1a in 64 bits (Fowler, Noll & Vo) of the names of all tokens, the resolution
  /// of time, and the ids that a model adds.
  ///
  /// A model file with a different hash was trained on a different vocabulary.
  public static let hash: String = {
    var lines = (0..<Token.count).compactMap(Token.init(rawValue:)).map(\.description)
    lines.append("ticks per second \(TokenTime.ticksPerSecond)")
    lines.append("rows \(count) BOS \(bos) EOS \(eos) PAD \(pad) logits \(logitCount) EOS \(eosLogit)")
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in lines.joined(separator: "\n").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }()
}
