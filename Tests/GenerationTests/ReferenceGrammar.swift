import MusicTokens

/// The rules of the stream as stated in `docs/tokens.md` and by the options of `aurl generate`. Each is evaluated on
/// all tokens so far: slow, but without any state that could be wrong.
struct ReferenceGrammar {
  var pitches: Set<Int> = Set(0..<128)
  var maximumPolyphony = 128
  /// In ticks.
  var end: Int?
  var mayEnd = true
  /// In ticks.
  var longestNote = Int.max

  private static func kind(_ id: Int) -> String { id < 128 ? "on" : id < 256 ? "off" : id < 768 ? "shift" : "level" }

  /// All ids that may follow the tokens; 774 is the end.
  func choices(after stream: [Int]) -> Set<Int> {
    let time = stream.filter { Self.kind($0) == "shift" }.reduce(0) { $0 + $1 - 255 }
    if let end, time >= end { return [] }
    let possible = (0...774).filter { isPossible($0, after: stream) }
    let forced = overdue(after: stream).min()
    guard let forced, possible.contains(128 + forced) else { return Set(possible) }
    return Set(possible.filter { $0 >= 128 && $0 <= 128 + forced })
  }

  private func sounding(after stream: [Int]) -> [Int: Int] {
    var sounding: [Int: Int] = [:]
    for (index, id) in stream.enumerated() {
      if id < 128 { sounding[id] = index } else if id < 256 { sounding[id - 128] = nil }
    }
    return sounding
  }

  /// Pitches that have reached the longest duration and can end in this tick.
  private func overdue(after stream: [Int]) -> [Int] {
    sounding(after: stream).filter { age(of: $0.value, in: stream) >= longestNote }.keys
      .filter { isPossible(128 + $0, after: stream) }
  }

  /// The ticks since the token at an index.
  private func age(of index: Int, in stream: [Int]) -> Int {
    stream[index...].filter { Self.kind($0) == "shift" }.reduce(0) { $0 + $1 - 255 }
  }

  private func isPossible(_ id: Int, after stream: [Int]) -> Bool {
    let sounding = sounding(after: stream)
    let tick = stream.reversed().prefix { Self.kind($0) != "shift" }
    let level = stream.last { Self.kind($0) == "level" }
    let isLevelPending = stream.last.map { Self.kind($0) == "level" } ?? false
    let hasStarts = tick.contains { $0 < 128 }
    let mayStart =
      sounding.count < maximumPolyphony && !pitches.subtracting(sounding.keys).isEmpty
    if id == 774 {
      // The end may follow only the note-off of the last sounding note.
      return mayEnd && sounding.isEmpty && stream.last.map { Self.kind($0) == "off" } ?? false
    }
    switch Self.kind(id) {
    case "on":
      guard mayStart, pitches.contains(id), sounding[id] == nil, level != nil else { return false }
      if isLevelPending { return true }
      return tick.first { $0 < 128 }.map { id > $0 } ?? true
    case "off":
      guard !isLevelPending, !hasStarts, sounding[id - 128] != nil else { return false }
      return tick.allSatisfy { $0 < id }
    case "shift":
      guard !isLevelPending, !stream.isEmpty else { return false }
      return stream.last.map { Self.kind($0) != "shift" || $0 == 767 } ?? true
    default:
      guard mayStart, !isLevelPending, id != level else { return false }
      // Within a tick, note-ons are ordered by rising level.
      return !hasStarts || id > level ?? 0
    }
  }
}
