extension Token {
  /// The ticks of 1/64 s that a time shift passes; 0 for other tokens.
  package var ticks: Int { isTimeShift ? Token.ticks(ofShift: rawValue) : 0 }
}

extension Sequence<Token> {
  /// The ticks of 1/64 s that the tokens pass.
  package var ticks: Int { reduce(0) { $0 + $1.ticks } }
}
