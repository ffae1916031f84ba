extension Setting {
  /// The setting of a key; nil if there is none.
  static func named(_ key: String) -> Setting? { all.first { $0.key == key } }

  /// Whether a key is a section with settings.
  static func isSection(_ key: String) -> Bool { all.contains { $0.key.hasPrefix(key + ".") } }

  /// The sections that contain a key: `a` and `a.b` for `a.b.c`.
  private static func sections(of key: String) -> [String] {
    key.indices.filter { key[$0] == "." }.map { String(key[..<$0]) }
  }

  /// The error message for an unknown key.
  static func unknown(_ key: String) -> String {
    if isSection(key) {
      let inside = all.compactMap { $0.key.hasPrefix(key + ".") ? String($0.key.dropFirst(key.count + 1)) : nil }
      return "'\(key)' is a section; it has \(inside.joined(separator: ", "))"
    }
    let names = all.map(\.key) + Set(all.flatMap { sections(of: $0.key) }).sorted()
    let nearest = names.map { ($0, distance(key, $0)) }.min { $0.1 < $1.1 }
    guard let (name, distance) = nearest, distance < 0.6 else {
      return "unknown setting '\(key)'; \"aurl-train settings\" lists all"
    }
    return "unknown setting '\(key)'; did you mean '\(name)'?"
  }

  /// The distance between two keys, 0…1: the mean over their parts. A key without its section is close too.
  static func distance(_ typed: String, _ key: String) -> Double {
    let typed = typed.split(separator: ".", omittingEmptySubsequences: false)
    let parts = key.split(separator: ".")
    guard let name = parts.last, let typedName = typed.last else { return 1 }
    let last = partDistance(typedName, name)
    guard typed.count == parts.count else { return min(1, last + 0.2) }
    let sections = zip(typed, parts).dropLast().map { partDistance($0, $1) }
    return (last + sections.reduce(0, +)) / Double(parts.count)
  }

  /// Initials (`lr` for `learningRate`) and prefixes (`learning`) are close; otherwise the normalized edit distance.
  private static func partDistance(_ typed: Substring, _ part: Substring) -> Double {
    let (lower, other) = (typed.lowercased(), part.lowercased())
    if lower == other { return 0 }
    let initials = (part.prefix(1) + part.dropFirst().filter(\.isUppercase)).lowercased()
    if initials.count > 1, lower == initials { return 0.1 }
    if lower.count > 2, other.hasPrefix(lower) || other.hasSuffix(lower) { return 0.3 }
    return Double(editDistance(Array(lower), Array(other))) / Double(max(lower.count, other.count, 1))
  }

  /// The edit distance between two words (Levenshtein 1966). O(product of their lengths).
  private static func editDistance(_ first: [Character], _ second: [Character]) -> Int {
    var row = Array(0...second.count)
    for (i, a) in first.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in second.enumerated() {
        let replaced = diagonal + (a == b ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[second.count]
  }
}
