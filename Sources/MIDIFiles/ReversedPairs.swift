internal import MusicCore

/// Finds note-offs that precede their note-on at the same tick.
struct ReversedPairs {
  /// The tick of each key's last note-off without a note.
  private var orphans: [Int: Tick] = [:]
  /// The notes that started on a key at the tick of such a note-off, since the key was last silent.
  private var suspects: [Int: [Int]] = [:]

  @inline(__always)
  var isEmpty: Bool { orphans.isEmpty }

  mutating func orphanNoteOff(_ key: Int, at tick: Tick) { orphans[key] = tick }

  mutating func noteOn(_ key: Int, index: Int32, at tick: Tick) {
    if orphans[key] == tick { suspects[key, default: []].append(Int(index)) }
  }

  mutating func keyIsSilent(_ key: Int) { suspects[key] = nil }

  /// All notes of a key from its first suspect on, and the suspects among them.
  struct Chain {
    var notes: [Int] = []
    var reversed: [Int]
  }

  /// The chains of the keys with suspects. O(n) in the number of notes.
  ///
  /// - Parameter keyOf: the number of a note's key.
  func chains(in notes: [Note], keyOf: (Note) -> Int) -> [Int: Chain] {
    let starts = suspects.compactMapValues(\.first)
    guard let first = starts.values.min() else { return [:] }
    var chains = suspects.mapValues { Chain(reversed: $0) }
    for index in first..<notes.count {
      let key = keyOf(notes[index])
      guard let start = starts[key], index >= start else { continue }
      chains[key]?.notes.append(index)
    }
    return chains
  }
}
