extension Token {
  /// The ticks of 1/64 s that a time shift passes; 0 for other tokens.
  package var ticks: Int { isTimeShift ? Token.ticks(ofShift: rawValue) : 0 }

  /// The time shifts that pass so many ticks of 1/64 s: the longest ones, then the rest; none for 0.
  package static func shifts(passing ticks: Int) -> [Token] {
    let rest = ticks % longestShift
    let longest = Array(repeating: timeShift(longestShift), count: ticks / longestShift)
    return rest > 0 ? longest + [.timeShift(rest)] : longest
  }
}

extension Sequence<Token> {
  /// The ticks of 1/64 s that the tokens pass.
  package var ticks: Int { reduce(0) { $0 + $1.ticks } }
}
