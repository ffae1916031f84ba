import ArgumentParser
import MusicCore

/// Parses a time on the command line in seconds: `12.5`, `1:30` or `1:02:03`. Negative times are outside every range.
///
///     @Option(help: .time("The length of the new music."), transform: parseTime) var seconds: Double?
func parseTime(_ text: String) throws -> Double {
  let isNegative = text.hasPrefix("-")
  let parts = (isNegative ? text.dropFirst() : text[...]).split(separator: ":", omittingEmptySubsequences: false)
  var seconds = 0.0
  for (index, part) in parts.enumerated() {
    // Only digits and one point: other numbers that Swift parses, such as 0x1p3 or nan, are not times.
    guard parts.count <= 3, part.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }), let value = Double(part),
      index == 0 || value < 60
    else { throw ValidationError("a time is seconds, or minutes and seconds such as 1:30") }
    seconds = seconds * 60 + value
  }
  return isNegative ? -seconds : seconds
}

extension ArgumentHelp {
  /// The help of an option that takes a time.
  static func time(_ text: String) -> ArgumentHelp { ArgumentHelp(text, valueName: "time") }
}

/// A range of time on the command line: `0:10-0:20`.
struct TimeRange {
  var start: Seconds
  var end: Seconds

  init(argument: String) throws {
    let parts = argument.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else {
      throw ValidationError("a range is two times separated by a hyphen, such as 0:10-0:20")
    }
    let (start, end) = (try parseTime(parts[0]), try parseTime(parts[1]))
    guard start < end else { throw ValidationError("the second time must be later than the first") }
    (self.start, self.end) = (Seconds(start), Seconds(end))
  }
}
