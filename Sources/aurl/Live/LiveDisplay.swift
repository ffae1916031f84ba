import Dispatch
import Files
import Glibc
import Improvisation
import MusicCore
import Synchronization
import Terminal

/// What a terminal shows of a live session, ten times a second on a thread of its own: a roll with the plan ahead, or a line
/// that says who plays.
final class LiveDisplay: Sendable {
  enum Kind: String, CaseIterable {
    case roll, line, none
  }

  private struct State {
    var content = RollContent()
    var status = ""
    /// The rows that the terminal shows.
    var shown: [String] = []
    /// Whether nothing is to be shown now.
    var isPaused = true
    var clock: @Sendable () -> Tick = { .zero }
  }

  private let state = Mutex(State())
  private let picture: RollPicture?
  private let columns: Int
  private let isShown: Bool
  private let queue = DispatchQueue(label: "display")

  /// - Parameter kind: nil for a roll where the terminal has room for one, else a line; nothing where there is no terminal.
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

  /// Begins to show what there is.
  ///
  /// - Parameter clock: what time it is in the session.
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

  // MARK: What there is to show

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

  /// Says something that stays, above what is shown.
  func note(_ text: String) {
    state.withLock { state in
      clear(&state)
      Message.note(text)
    }
  }

  /// Lets others say something that stays.
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

  /// Takes away what is shown.
  private func clear(_ state: inout State) {
    guard !state.shown.isEmpty else { return }
    writeToStandardError("\r" + (state.shown.count > 1 ? "\u{1B}[\(state.shown.count - 1)A" : "") + "\u{1B}[J")
    state.shown = []
  }
}
