internal import ArgumentParser
internal import Glibc

/// When to use color.
package enum ColorChoice: String, CaseIterable, ExpressibleByArgument {
  case auto, always, never
}

/// Options that control the appearance of results.
package struct TerminalOptions: ParsableArguments {
  @Option(help: "Emphasize in color; auto does so on a terminal and where NO_COLOR is not set.")
  package var color = ColorChoice.auto

  package init() {}

  package var style: TextStyle {
    switch color {
    case .always: TextStyle(isOn: true)
    case .never: TextStyle(isOn: false)
    case .auto: TextStyle(isOn: Environment["NO_COLOR"] == nil && Environment.isTerminal(STDOUT_FILENO))
    }
  }
}
