import Dispatch
import Files
import Glibc
import Improvisation
import MusicCore
import Synchronization
import Terminal

/// The display of a live session on a terminal, updated ten times per second on its own thread: a piano roll that
/// includes the plan, or a status line.
final class LiveDisplay: Sendable {
  enum Kind: String, CaseIterable {
    case roll, line, none
  }

  private struct State {
    var content = RollContent()
    var status = ""
    /// The rows currently on the terminal.
    var shown: [String] = []
    /// Whether the display is paused.
    var isPaused = true
    var clock: @Sendable () -> Tick = { .zero }
  }

  private let state = Mutex(State())
  private let picture: RollPicture?
  private let columns: Int
  private let isShown: Bool
  private let queue = DispatchQueue(label: "display")

  /// - Parameter kind: nil for a roll if the terminal has room for one, otherwise a line. Shows nothing without a
  ///   terminal.
  init(_ kind: Kind?) {
    var size = winsize()
    let isTerminal = isatty(STDERR_FILENO) == 1
    let hasSize = isTerminal && ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let (rows, width) = hasSize ? (Int(size.ws_row), Int(size.ws_col)) : (24, 80)
    columns = width - 1
    let hasRoom = rows > RollPicture.height + 2 && width >= 45
    let kind = isTerminal ? kind ?? (hasRoom ? .roll : .line) : Kind.none
    let encoding = Environment["LC_ALL"] ?? Environment["LC_CTYPE"] ?? Environment["LANG"] ?? ""
    let hasSigns = encoding.lowercased().contains("utf")
    picture =
      kind == .roll
      ? RollPicture(width: columns, hasColors: Environment["NO_COLOR"] == nil, hasSigns: hasSigns) : nil
    isShown = kind != Kind.none
  }

  /// Starts the display.
  ///
  /// - Parameter clock: returns the current time of the session.
  func start(_ clock: @escaping @Sendable () -> Tick) {
    state.withLock { ($0.clock, $0.isPaused) = (clock, false) }
    if isShown { queue.async { [weak self] in self?.proceed() } }
  }

  private func proceed() {
    guard state.withLock({ !$0.isPaused }) else { return }
    draw()
    queue.asyncAfter(deadline: .now() + .milliseconds(100)) { [weak self] in self?.proceed() }
  }

  func end() {
    state.withLock { state in
      state.isPaused = true
      clear(&state)
    }
  }

  // MARK: Content

  func receive(_ message: ChannelMessage, from player: Player, at tick: Tick) {
    guard picture != nil else { return }
    state.withLock { $0.content.receive(message, from: player, at: tick) }
  }

  func show(_ plan: [PlannedEvent], _ status: @autoclosure () -> String) {
    guard isShown else { return }
    let status = status()
    state.withLock { state in
      state.status = status
      if picture != nil { state.content.plan(plan) }
    }
  }

  /// Prints a permanent message above the display.
  func note(_ text: String) {
    state.withLock { state in
      clear(&state)
      Message.note(text)
    }
  }

  /// Clears the display, so that others can print a permanent message.
  func interrupt() { state.withLock { clear(&$0) } }

  // MARK: Drawing

  private func draw() {
    state.withLock { state in
      guard !state.isPaused else { return }
      let rows = (picture?.rows(state.content, at: state.clock()) ?? []) + [String(state.status.prefix(columns))]
      defer { state.shown = rows }
      guard rows != state.shown else { return }
      var text = state.shown.isEmpty ? "" : "\r" + (rows.count > 1 ? "\u{1B}[\(rows.count - 1)A" : "")
      for (index, row) in rows.enumerated() {
        if index > 0 { text += "\r\n" }
        if state.shown.isEmpty || state.shown[index] != row { text += "\u{1B}[K" + row }
      }
      writeToStandardError(text)
    }
  }

  /// Clears the display.
  private func clear(_ state: inout State) {
    guard !state.shown.isEmpty else { return }
    writeToStandardError("\r" + (state.shown.count > 1 ? "\u{1B}[\(state.shown.count - 1)A" : "") + "\u{1B}[J")
    state.shown = []
  }
}
