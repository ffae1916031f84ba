import ArgumentParser
import Glibc

/// When to colour.
enum ColorChoice: String, CaseIterable, ExpressibleByArgument {
  case auto, always, never
}

/// Options about how results look.
struct TerminalOptions: ParsableArguments {
  @Option(help: "Emphasise in colour; auto does so on a terminal and where NO_COLOR is not set.")
  var color = ColorChoice.auto

  var style: TextStyle {
    switch color {
    case .always: return TextStyle(isOn: true)
    case .never: return TextStyle(isOn: false)
    case .auto:
      let isRefused = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
      return TextStyle(isOn: !isRefused && isatty(STDOUT_FILENO) == 1)
    }
  }
}

/// Emphasis for a terminal (ECMA-48 select graphic rendition), or none.
struct TextStyle {
  var isOn: Bool

  func bold(_ text: String) -> String { isOn ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
  func dim(_ text: String) -> String { isOn ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
}
