import TestSupport

extension [UInt8] {
  /// The same bytes with one to eight defects as caused by disks, transmission and programs.
  func mutated(using random: inout SeededGenerator) -> [UInt8] {
    var bytes = self
    for _ in 0..<(1 << Int.random(in: 0...3, using: &random)) where !bytes.isEmpty {
      let offset = Int.random(in: 0..<bytes.count, using: &random)
      let end = Swift.min(bytes.count, offset + Int.random(in: 1...64, using: &random))
      switch Int.random(in: 0..<9, using: &random) {
      case 0: bytes[offset] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[offset] = .random(in: 0 ... .max, using: &random)
      case 2: bytes[offset] = [0, 0x7F, 0x80, 0x90, 0xF0, 0xF7, 0xF8, 0xFF, 0x2F].randomElement(using: &random) ?? 0
      case 3: bytes.insert(.random(in: 0 ... .max, using: &random), at: offset)
      case 4: bytes.removeSubrange(offset..<end)
      case 5: bytes.removeLast(bytes.count - offset)
      case 6: bytes.insert(contentsOf: Array(bytes[offset..<end]), at: .random(in: 0...bytes.count, using: &random))
      case 7: bytes.mutateTrackLength(using: &random)
      default: bytes.insert(contentsOf: Array("MTrk".utf8), at: offset)
      }
    }
    return bytes
  }

  private mutating func mutateTrackLength(using random: inout SeededGenerator) {
    let names = indices.dropLast(8).filter { self[$0] == 0x4D && self[$0 + 1] == 0x54 }
    guard let name = names.randomElement(using: &random) else { return }
    let length = [0, 1, 0x7F, count - name - 8, count, 0x7FFF_FFFF, 0xFFFF_FFFF].randomElement(using: &random) ?? 0
    replaceSubrange(name + 4..<name + 8, with: big(length, 4))
  }
}
