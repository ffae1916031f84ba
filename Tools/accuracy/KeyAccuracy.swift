internal import MusicAnalysis
internal import MusicCore

/// How often the key of a piece is found by the analyzer and by each published profile alone.
struct KeyAccuracy {
  private let name: String
  private var files = 0
  private var right = 0
  private var confidence = 0.0
  private var rightByProfile: [String: Int] = [:]

  /// Measures the files whose key is known.
  init(_ name: String, _ files: [AnnotatedFile], truth: (AnnotatedFile) -> Key?) {
    self.name = name
    for file in files {
      guard let key = truth(file) else { continue }
      let harmony = file.harmony
      self.files += 1
      if harmony.key?.name == key { right += 1 }
      confidence += harmony.key?.confidence ?? 0
      for profile in KeyProfiles.all where harmony.pitchClasses.flatMap(profile.bestKey) == key {
        rightByProfile[profile.name, default: 0] += 1
      }
    }
  }

  /// The key at the end of a name such as `op28_09_E`; lowercase letters are minor.
  static func keyInName(of file: AnnotatedFile) -> Key? {
    guard let label = file.name.split(separator: "_").last, let letter = label.first else { return nil }
    return NoteName(letter.uppercased() + label.dropFirst())
      .map { Key(tonic: $0.pitchClass, isMinor: letter.isLowercase) }
  }

  var rows: [String] {
    guard files > 0 else { return [] }
    let single = KeyProfiles.all.map { profile in
      "\(profile.name) \(HarmonyAccuracy.percent(rightByProfile[profile.name] ?? 0, of: files))"
    }
    let sure = Int((confidence * 100 / Double(files)).rounded())
    let note = " (mean confidence \(sure) %; single profiles: \(single.joined(separator: ", ")))"
    return [HarmonyAccuracy.row("global key, \(name)", files: files, right, of: files, note: note)]
  }
}

/// The number of beats with the key of the file's key signatures.
struct LocalKeyAccuracy {
  private var files = 0
  private var right = 0
  private var beats = 0

  /// Measures the files with key signatures.
  init(_ files: [AnnotatedFile]) {
    for file in files where !file.score.keySignatures.isEmpty {
      let spans = file.harmony.localKeys
      self.files += 1
      for beat in file.score.quarterBeats() {
        guard let span = spans.first(where: { $0.start <= beat && beat < $0.end }) else { continue }
        let tick = file.score.tempoMap.tick(nearest: beat)
        let truth = file.score.keySignatures.last { $0.tick <= tick } ?? file.score.keySignatures[0]
        beats += 1
        if span.name.key == truth.key { right += 1 }
      }
    }
  }

  var rows: [String] {
    beats > 0 ? [HarmonyAccuracy.row("local key at beats, POP909", files: files, right, of: beats)] : []
  }
}
