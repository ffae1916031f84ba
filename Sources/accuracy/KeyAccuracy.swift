internal import MusicAnalysis
internal import MusicCore

/// How often the key of a piece is found, by the analyzer and by each published profile alone.
struct KeyAccuracy {
  private let name: String
  private let rows: [(truth: Key, harmony: HarmonyAnalysis)]

  init(name: String, _ rows: [(truth: Key, harmony: HarmonyAnalysis)]) {
    self.name = name
    self.rows = rows
  }

  static func labelled(_ file: AnnotatedFile, key: Key?) -> (truth: Key, harmony: HarmonyAnalysis)? {
    key.map { ($0, file.harmony) }
  }

  /// The key at the end of a name such as `op28_09_E`; small letters are minor.
  static func key(inNameOf file: AnnotatedFile) -> Key? {
    guard let label = file.name.split(separator: "_").last, let letter = label.first else { return nil }
    return NoteName(letter.uppercased() + label.dropFirst())
      .map { Key(tonic: $0.pitchClass, isMinor: letter.isLowercase) }
  }

  static func printHeader() {
    let names = ["set", "n", "ours", "conf."] + KeyProfiles.all.map(\.name)
    print(names.map { padded($0, 13) }.joined())
  }

  func printRow() {
    guard !rows.isEmpty else { return }
    func share(_ isRight: ((truth: Key, harmony: HarmonyAnalysis)) -> Bool) -> String {
      percent(Double(rows.count(where: isRight)) / Double(rows.count))
    }
    let confidence = rows.reduce(0) { $0 + ($1.harmony.key?.confidence ?? 0) } / Double(rows.count)
    let baselines = KeyProfiles.all.map { profile in
      share { row in row.harmony.pitchClasses.flatMap(profile.bestKey) == row.truth }
    }
    let cells = [name, "\(rows.count)", share { $0.harmony.key?.name == $0.truth }, percent(confidence)] + baselines
    print(cells.map { padded($0, 13) }.joined())
  }
}

/// How much of the music is given the key that the signatures of the file name.
enum LocalKeyAccuracy {
  static func share(_ files: [AnnotatedFile]) -> Double {
    var right = 0
    var all = 0
    for file in files where !file.score.keySignatures.isEmpty {
      let spans = file.harmony.localKeys
      for beat in file.score.quarterBeats() {
        guard let span = spans.first(where: { $0.start <= beat && beat < $0.end }) else { continue }
        let tick = file.score.tempoMap.tick(nearest: beat)
        let truth = file.score.keySignatures.last { $0.tick <= tick } ?? file.score.keySignatures[0]
        all += 1
        if span.name == truth.key { right += 1 }
      }
    }
    return all > 0 ? Double(right) / Double(all) : 0
  }
}
