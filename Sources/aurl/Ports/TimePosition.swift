import ArgumentParser
import MusicCore

/// A time on the command line: `12.5`, `1:30` or `1:02:03`.
struct TimePosition: ExpressibleByArgument {
  var time: Seconds

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 3 else { return nil }
    var seconds = 0.0
    for part in parts {
      guard let value = Double(part), value >= 0, value < 1e6 else { return nil }
      seconds = seconds * 60 + value
    }
    time = Seconds(seconds)
  }
}
