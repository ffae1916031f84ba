internal import MusicAnalysis
internal import MusicCore

/// The rows of the table that concern harmony.
struct HarmonyAccuracy {
  let folder: String

  /// Prints accuracies in per cent beside those of single key profiles and of chord templates.
  func printTable() {
    let pop = AnnotatedFile.load("\(folder)/pop909-cl", hasChords: true)
    let classical = AnnotatedFile.load("\(folder)/keys")
    print("global key, % exact")
    KeyAccuracy.printHeader()
    KeyAccuracy(name: "POP909", pop.compactMap { KeyAccuracy.labelled($0, key: $0.score.keySignatures.first?.key) })
      .printRow()
    for opus in ["op28", "op87", "op11"] {
      let files = classical.filter { $0.name.hasPrefix(opus) }
      let labelled = files.compactMap { KeyAccuracy.labelled($0, key: KeyAccuracy.key(inNameOf: $0)) }
      KeyAccuracy(name: opus, labelled).printRow()
    }
    let performances = AnnotatedFile.load("\(folder)/beats")
    KeyAccuracy(
      name: "performances", performances.compactMap { KeyAccuracy.labelled($0, key: KnownKeys.key(of: $0.name)) }
    ).printRow()
    print("\nlocal key of POP909, % of beats: \(percent(LocalKeyAccuracy.share(pop)))")
    print("\nchords of POP909 at beat centres, %")
    ChordAccuracy(pop).printRows()
  }
}

/// A share in per cent with one digit.
func percent(_ share: Double) -> String {
  let tenths = Int((share * 1000).rounded())
  return "\(tenths / 10).\(tenths % 10)"
}

/// A text at the right of a column.
func padded(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}

extension KeySignature {
  var key: Key { Key(tonic: PitchClass(semitones: tonic), isMinor: isMinor) }
}
