import Generation
import Inference
import MusicTokens
import Synchronization
import Terminal

/// The takes of a command, which several threads make together.
///
/// Some takes have three times the tokens of others, and nobody knows which before they are made: threads that made whole
/// takes would wait at the end for the one with the last long take. So the takes of a group, four for each thread, go on
/// side by side, some seconds of music at a time, the one furthest behind first, and end together.
final class TakeQueue: Sendable {
  private struct State {
    /// The first take that nobody has begun.
    var next = 0
    /// Takes that were begun and that no thread works on.
    var waiting: [TakeInProgress] = []
  }
  private let maker: TakeMaker
  private let count: Int
  private let groupSize: Int
  private let state = Mutex(State())

  init(_ maker: TakeMaker, count: Int, jobs: Int) {
    self.maker = maker
    self.count = count
    groupSize = jobs > 1 ? 4 * jobs : 1
  }

  /// Works on takes until one is over, or has failed. Each of `count` calls returns, whichever are made at once.
  func finishOne(_ progress: TakeProgress) -> (index: Int, value: Result<TakeMaker.Take, Failure>) {
    while true {
      let take = claim()
      do throws(Failure) {
        if try maker.advance(take, progress) {
          state.withLock { $0.waiting.append(take) }
        } else {
          return (take.index, .success(try maker.finish(take, progress)))
        }
      } catch { return (take.index, .failure(error)) }
    }
  }

  /// The take that is furthest behind in the earliest group. There is one: a call holds one take at most, and as many
  /// takes as calls are left.
  private func claim() -> TakeInProgress {
    state.withLock { state in
      let behind = state.waiting.indices.min { rank(state.waiting[$0]) < rank(state.waiting[$1]) }
      if let behind, state.next == count || rank(state.waiting[behind]) <= (state.next / groupSize, 0) {
        return state.waiting.remove(at: behind)
      }
      defer { state.next += 1 }
      return maker.begin(state.next)
    }
  }

  private func rank(_ take: TakeInProgress) -> (group: Int, time: Int) {
    (take.index / groupSize, take.session.time)
  }
}

/// A take that is being made.
final class TakeInProgress: @unchecked Sendable {
  // Sendable: whoever claimed it from the queue has it alone, and the queue's lock orders those who do.
  let index: Int
  let model: Model
  let settings: GenerationSettings
  /// Made with the first work on it.
  private(set) lazy var session = GenerationSession(model, settings)
  var tokens: [Token] = []
  var elapsed = Duration.zero

  init(_ index: Int, _ model: Model, _ settings: GenerationSettings) {
    self.index = index
    self.model = model
    self.settings = settings
  }
}
