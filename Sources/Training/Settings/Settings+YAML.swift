extension Settings {
  /// The settings as a YAML file with a comment for each key.
  ///
  /// - Parameter hidesPreset: Whether model dimensions that equal the preset's are written as comments, so that
  ///   changing the preset in the file changes them.
  package func yaml(hidesPreset: Bool = false) -> String {
    var preset = self
    preset.model = Model(preset: model.preset) ?? model
    var lines = ["# Settings of a training run of aurl-train."]
    var open: [Substring] = []
    for setting in Setting.all {
      let parts = setting.key.split(separator: ".")
      let sections = parts.dropLast()
      let shared = zip(open, sections).prefix { $0 == $1 }.count
      for (depth, section) in sections.enumerated().dropFirst(shared) {
        if depth == 0 { lines.append("") }
        lines.append(Self.indent(depth) + "\(section):")
      }
      open = Array(sections)
      let text = setting.text(self)
      let isHidden =
        hidesPreset && open[0] == "model" && setting.key != "model.preset" && text == setting.text(preset)
      lines.append(Self.indent(open.count) + "# \(setting.comment)")
      lines.append(Self.indent(open.count) + "\(isHidden ? "# " : "")\(parts[parts.count - 1]): \(text)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func indent(_ depth: Int) -> String { String(repeating: "  ", count: depth) }
}
