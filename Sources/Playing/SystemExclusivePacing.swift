package import MusicCore

/// How a long system exclusive message is sent: in pieces, no faster than a MIDI cable carries them, because
/// instruments and the kernel's raw MIDI drivers hold only a few kilobytes.
package enum SystemExclusivePacing {
  package static let pieceSize = 1024

  /// Bytes a second on a MIDI cable: 31,250 baud, ten bits a byte (MIDI 1.0 Detailed Specification, Hardware).
  package static let bytesPerSecond = 3125.0

  /// The pieces of a whole message, each with its delay after the first.
  package static func pieces(of bytes: [UInt8]) -> [(bytes: ArraySlice<UInt8>, delay: Seconds)] {
    stride(from: 0, to: bytes.count, by: pieceSize).map { start in
      (bytes[start..<min(start + pieceSize, bytes.count)], Seconds(Double(start) / bytesPerSecond))
    }
  }

  /// How long after its time a message still occupies the cable.
  package static func duration(of message: MIDIMessage) -> Seconds {
    guard case .systemExclusive(let bytes) = message, bytes.count > pieceSize else { return .zero }
    return Seconds(Double(bytes.count + 2) / bytesPerSecond)
  }
}
