import Generation
import Improvisation
import MIDIPorts
import MusicCore
import Synchronization
import Text

/// Executes commands, and tracks the current settings of the model's playing.
final class LiveControls: Sendable {
  fileprivate struct State {
    var mode: DuetSettings.Mode
    var isKeyLocked = false
    var temperature: Double
    var develop: Double
  }

  private let state: Mutex<State>
  private let stage: LiveStage
  private let handsOverByKey: Bool
  private let save: @Sendable () -> Void

  init(_ options: Live, _ stage: LiveStage, save: @escaping @Sendable () -> Void) {
    state = Mutex(
      State(
        mode: options.mode, temperature: Double(options.sampling.sampling.temperature), develop: options.playing.develop
      ))
    (self.stage, self.save) = (stage, save)
    handsOverByKey = options.turns.handover.key
  }

  func perform(_ command: LiveCommand) {
    switch command {
    case .handOver:
      if stage.isHeld(.panic) { stage.resume(.panic) } else if handsOverByKey { stage.add(.signal(.key)) }
    case .panic: if stage.isHeld(.panic) { stage.resume(.panic) } else { stage.hold(.panic) }
    case .nextMode: change { .mode($0.nextMode()) }
    case .keyLock:
      change { state in
        state.isKeyLocked.toggle()
        return .keyLock(state.isKeyLocked)
      }
    case .forget: stage.add(.adjustment(.forget))
    case .temperature(let steps):
      change { state in
        state.temperature = min(2, max(0.3, (state.temperature * 20).rounded() / 20 + 0.05 * Double(steps)))
        return .temperature(state.temperature)
      }
    case .develop(let steps):
      change { state in
        state.develop = min(1, max(0, ((state.develop * 10).rounded() + Double(steps)) / 10))
        return .develop(state.develop)
      }
    case .tap: stage.tap()
    case .save: save()
    case .quit: stage.end()
    case .set(let adjustment): change { $0.adopt(adjustment) }
    }
  }

  private func change(_ body: (inout State) -> Adjustment) {
    let adjustment = state.withLock { state in body(&state) }
    stage.add(.adjustment(adjustment))
  }

  /// The current settings of the model's playing, for the display.
  var description: String {
    state.withLock { state in
      let key = state.isKeyLocked ? "  key held" : ""
      let silence = stage.isHeld(.panic) ? "  SILENT (p)" : ""
      let (develop, temperature) = (hundredths(state.develop), hundredths(state.temperature))
      return "\(state.mode.rawValue)  develop \(develop)  temperature \(temperature)\(key)\(silence)"
    }
  }
}

private func hundredths(_ value: Double) -> String { "\(rounded(value, places: 2))" }

extension LiveControls.State {
  fileprivate mutating func nextMode() -> DuetSettings.Mode {
    let modes = DuetSettings.Mode.allCases
    mode = modes[((modes.firstIndex(of: mode) ?? 0) + 1) % modes.count]
    return mode
  }

  fileprivate mutating func adopt(_ adjustment: Adjustment) -> Adjustment {
    switch adjustment {
    case .mode(let mode): self.mode = mode
    case .temperature(let value): temperature = value
    case .develop(let value): develop = value
    case .keyLock(let isOn): isKeyLocked = isOn
    case .dynamics, .answer, .forget: break
    }
    return adjustment
  }
}
