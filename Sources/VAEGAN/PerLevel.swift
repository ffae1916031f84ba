public import ModelFormat

/// A value for each scale of the latents.
public struct PerLevel<Value> {
  public var global: Value
  public var phrase: Value
  public var local: Value

  public init(global: Value, phrase: Value, local: Value) {
    self.global = global
    self.phrase = phrase
    self.local = local
  }

  /// What `value` gives for each level.
  init<Failure: Error>(_ value: (Configuration.Level) throws(Failure) -> Value) throws(Failure) {
    self.init(global: try value(.global), phrase: try value(.phrase), local: try value(.local))
  }

  public subscript(level: Configuration.Level) -> Value {
    switch level {
    case .global: global
    case .phrase: phrase
    case .local: local
    }
  }

  /// In the order of the levels.
  public var all: [Value] { [global, phrase, local] }

  func map<Result, Failure: Error>(_ transform: (Value) throws(Failure) -> Result) throws(Failure) -> PerLevel<Result> {
    PerLevel<Result>(global: try transform(global), phrase: try transform(phrase), local: try transform(local))
  }
}
