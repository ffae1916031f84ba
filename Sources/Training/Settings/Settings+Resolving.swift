internal import ModelFormat

extension Settings {
  /// Resolves settings from defaults and assignments, of which the last for a key wins; a preset is applied before
  /// other assignments.
  ///
  /// - Throws: `SettingsError` for an unknown key, a value out of range, or values that are inconsistent.
  package init(_ assignments: [Assignment]) throws(SettingsError) {
    self.init()
    let isPreset = { (assignment: Assignment) in assignment.key == "model.preset" }
    for assignment in assignments.filter(isPreset) + assignments.filter({ !isPreset($0) }) {
      try apply(assignment)
    }
    do throws(ConfigurationError) { try model.configuration.validate() } catch {
      let source =
        assignments.last { $0.key == "model.\(error.field)" } ?? assignments.last { $0.key.hasPrefix("model.") }
      throw SettingsError(source: source?.source ?? .defaults, message: "model.\(error)")
    }
    if model.learningPart == .prior, !model.isAutoencoder {
      let source = assignments.last { $0.key == "model.part" || $0.key == "model.autoencoder" }
      throw SettingsError(source: source?.source ?? .defaults, message: "model.part: a plain decoder has no prior")
    }
    if model.learningPart == .charts, !model.readsCharts {
      let source = assignments.last { $0.key == "model.part" || $0.key == "model.charts" }
      throw SettingsError(source: source?.source ?? .defaults, message: "model.part: this model reads no charts")
    }
    if let first = batch.firstLength, first > model.window {
      let source = assignments.last { $0.key == "batch.firstLength" || $0.key == "model.window" }
      throw SettingsError(
        source: source?.source ?? .defaults,
        message: "batch.firstLength must not be longer than the window, which is \(model.window)")
    }
    if adversarial.rollouts < adversarial.group {
      let source = assignments.last { $0.key == "adversarial.rollouts" || $0.key == "adversarial.group" }
      throw SettingsError(
        source: source?.source ?? .defaults,
        message: "adversarial.rollouts must not be less than adversarial.group, which is \(adversarial.group)")
    }
  }

  private mutating func apply(_ assignment: Assignment) throws(SettingsError) {
    guard let setting = Setting.named(assignment.key) else {
      throw SettingsError(source: assignment.source, message: Setting.unknown(assignment.key))
    }
    guard let value = assignment.value else {
      throw SettingsError(source: assignment.source, message: "\(setting.key) takes one value, not a list or section")
    }
    if let expected = setting.assign(value, &self) {
      throw SettingsError(source: assignment.source, message: "\(setting.key) must be \(expected), not '\(value)'")
    }
  }
}
