package import MusicCore

extension Token {
  /// The length of a time shift in ticks of 1/64 s; 0 for other tokens.
  package var ticks: Int { isTimeShift ? Token.ticks(ofShift: rawValue) : 0 }

  /// The time shifts for a number of ticks of 1/64 s: as many of the longest as fit, then the rest; none for 0.
  package static func shifts(passing ticks: Int) -> [Token] {
    let rest = ticks % longestShift
    let longest = Array(repeating: timeShift(longestShift), count: ticks / longestShift)
    return rest > 0 ? longest + [.timeShift(rest)] : longest
  }
}

extension Sequence<Token> {
  /// The total length of the time shifts, in ticks of 1/64 s.
  package var ticks: Int { reduce(0) { $0 + $1.ticks } }

  /// The total length of the time shifts.
  package var duration: TokenTime { TokenTime(rawValue: ticks) }
}
