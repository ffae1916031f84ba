extension Settings {
  /// The defaults with values on top, the last of a key winning; a preset counts before what differs from it.
  ///
  /// - Throws: `SettingsError` for an unknown key, a value out of its range, and values that do not fit each other.
  public init(_ assignments: [Assignment]) throws(SettingsError) {
    self.init()
    let isPreset = { (assignment: Assignment) in assignment.key == "model.preset" }
    for assignment in assignments.filter(isPreset) + assignments.filter({ !isPreset($0) }) {
      try apply(assignment)
    }
    if let (key, message) = contradiction {
      let source = assignments.last { $0.key == key }?.source ?? .defaults
      throw SettingsError(source: source, message: "\(key): \(message)")
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

  /// The first key whose value does not fit the others.
  private var contradiction: (key: String, message: String)? {
    if model.width % model.heads != 0 || model.width / model.heads % 2 != 0 {
      return ("model.heads", "must divide the width, \(model.width), into even parts")
    }
    let latents = model.latents
    if model.isAutoencoder, model.window % latents.phraseLength != 0 {
      return ("model.latents.phraseLength", "must divide the window, \(model.window)")
    }
    if model.isAutoencoder, latents.phraseLength % latents.localLength != 0 {
      return ("model.latents.localLength", "must divide the phrase, \(latents.phraseLength)")
    }
    if let first = batch.firstLength, first > model.window {
      return ("batch.firstLength", "must not be longer than the window, \(model.window)")
    }
    return nil
  }
}
