internal import MusicAnalysis
internal import MusicCore
internal import Text

/// Measures keys and chords on `pop909-cl`, `keys` and `beats`, compared with single key profiles and chord templates.
enum HarmonyAccuracy {
  /// The rows of the table; missing sets have none.
  static func rows(folder: String) -> [String] {
    let pop = AnnotatedFile.load("\(folder)/pop909-cl", hasChords: true)
    let works = AnnotatedFile.load("\(folder)/keys")
    let performances = AnnotatedFile.load("\(folder)/beats")
    var keys = [KeyAccuracy("POP909", pop) { $0.score.keySignatures.first.map(\.key) }]
    for (opus, name) in [("op28", "Chopin op. 28"), ("op87", "Shostakovich op. 87"), ("op11", "Scriabin op. 11")] {
      keys.append(KeyAccuracy(name, works.filter { $0.name.hasPrefix(opus) }, truth: KeyAccuracy.keyInName))
    }
    keys.append(KeyAccuracy("piano performances", performances) { KnownKeys.key(of: $0.name) })
    return keys.flatMap(\.rows) + LocalKeyAccuracy(pop).rows + ChordAccuracy(pop).rows
  }

  /// A row of the table.
  static func row(_ task: String, files: Int, _ right: Int, of all: Int, note: String = "") -> String {
    "| \(task) | \(files) | \(percent(right, of: all))\(note) |"
  }

  /// A share in percent with one decimal.
  static func percent(_ part: Int, of all: Int) -> String {
    "\(decimal(100 * Double(part) / Double(max(1, all)), 1)) %"
  }
}
