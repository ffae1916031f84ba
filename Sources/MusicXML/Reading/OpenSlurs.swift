/// The slurs that are open at a position of a part.
struct OpenSlurs {
  private struct Slur: Hashable {
    var voice: String
    var number: String
  }

  private var open: Set<Slur> = []
  /// The number of open slurs in each voice.
  private var counts: [String: Int] = [:]

  /// Processes the starts and ends of slurs at a note.
  ///
  /// - Returns: whether the note is under a slur, including its first and last note.
  mutating func read(_ note: XMLElement) -> Bool {
    let voice = note["voice"]?.text ?? ""
    var isSlurred = counts[voice, default: 0] > 0
    for slur in note.all("notations").flatMap({ $0.all("slur") }) {
      let key = Slur(voice: voice, number: slur[attribute: "number"] ?? "1")
      switch slur[attribute: "type"] {
      case "start":
        if open.insert(key).inserted { counts[voice, default: 0] += 1 }
        isSlurred = true
      case "stop":
        if open.remove(key) != nil { counts[voice, default: 0] -= 1 }
      default: break
      }
    }
    return isSlurred
  }
}
