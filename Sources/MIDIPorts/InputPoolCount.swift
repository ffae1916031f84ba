/// The kernel's own count of what reached a client's input, of which ALSA's library gives only a part.
///
/// Each event of fixed size takes one cell of the pool, one with data a cell more for every 28 bytes begun.
package struct InputPoolCount: Equatable {
  /// Cells that were filled since the client was opened.
  package var filled: Int
  /// Events that found no cell.
  package var refused: Int
  /// Cells that wait to be read.
  package var waiting: Int

  /// The count of a client from the text of `/proc/asound/seq/clients`, or nil where it is not there.
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

  /// How much never reached a client that has read `read` cells.
  package func lost(afterReading read: Int) -> Int { max(0, filled + refused - waiting - read) }

  /// The cells that an event with `count` bytes of data takes.
  package static func cells(dataBytes count: Int) -> Int { 1 + (count + 27) / 28 }
}
