/// The kernel's own count of the events for a client's input, of which ALSA's library reports only a part.
///
/// An event of fixed size takes one cell of the pool; one with data takes a further cell for every 28 bytes or part of
/// them.
package struct InputPoolCount: Equatable {
  /// The number of cells filled since the client was opened.
  package var filled: Int
  /// The number of events that found no free cell.
  package var refused: Int
  /// The number of cells waiting to be read.
  package var waiting: Int

  /// Parses the count of a client from the text of `/proc/asound/seq/clients`; nil if it is not there.
  package init?(client: UInt8, in text: some StringProtocol) {
    var isClient = false
    var isInput = false
    var values: [String: Int] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(whereSeparator: { " :\t".contains($0) })
      if line.hasPrefix("Client ") {
        isClient = words.count > 1 && Int(words[1]) == Int(client)
        isInput = false
      } else if line.hasSuffix("pool :") {
        isInput = isClient && words.first == "Input"
      } else if isInput, let value = words.last.flatMap({ Int($0) }) {
        values[words.dropLast().joined(separator: " ")] = value
      }
    }
    guard let filled = values["Alloc success"], let refused = values["Alloc failures"],
      let waiting = values["Cells in use"]
    else { return nil }
    self.init(filled: filled, refused: refused, waiting: waiting)
  }

  package init(filled: Int, refused: Int, waiting: Int) {
    self.filled = filled
    self.refused = refused
    self.waiting = waiting
  }

  /// The number of cells that never reached a client that has read `read` cells.
  package func lost(afterReading read: Int) -> Int { max(0, filled + refused - waiting - read) }

  /// The number of cells that an event with `count` bytes of data takes.
  package static func cells(dataBytes count: Int) -> Int { 1 + (count + 27) / 28 }
}
