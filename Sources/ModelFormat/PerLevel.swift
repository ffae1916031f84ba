/// A value for each level of the latents.
public struct PerLevel<Value> {
  /// The value of the global latent.
  public var global: Value
  /// The value of the phrases.
  public var phrase: Value
  /// The value of the local segments.
  public var local: Value

  /// Creates the values of the three levels.
  public init(global: Value, phrase: Value, local: Value) {
    self.global = global
    self.phrase = phrase
    self.local = local
  }

  /// Creates the values by calling `value` for each level.
  public init<Failure: Error>(_ value: (Configuration.Level) throws(Failure) -> Value) throws(Failure) {
    self.init(global: try value(.global), phrase: try value(.phrase), local: try value(.local))
  }

  /// The value of a level.
  public subscript(level: Configuration.Level) -> Value {
    get {
      switch level {
      case .global: global
      case .phrase: phrase
      case .local: local
      }
    }
    set {
      switch level {
      case .global: global = newValue
      case .phrase: phrase = newValue
      case .local: local = newValue
      }
    }
  }

  /// The values in the order of the levels.
  public var all: [Value] { [global, phrase, local] }

  /// The values transformed one by one.
  public func map<Result, Failure: Error>(
    _ transform: (Value) throws(Failure) -> Result
  ) throws(Failure) -> PerLevel<Result> {
    PerLevel<Result>(global: try transform(global), phrase: try transform(phrase), local: try transform(local))
  }
}

extension PerLevel: Equatable where Value: Equatable {}
extension PerLevel: Hashable where Value: Hashable {}
extension PerLevel: Sendable where Value: Sendable {}
