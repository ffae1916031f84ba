internal import Generation
internal import Inference
package import MusicCore
internal import MusicTokens
internal import Synchronization

/// Schedules the takes of a command on several threads.
///
/// Some takes have three times as many tokens as others, which is not known in advance. If each thread made complete
/// takes, all would wait at the end for the last long one. Therefore the takes of a group, four per thread, advance
/// together by some seconds of music at a time, the one furthest behind first, so that they end at about the same time.
package final class TakeQueue: Sendable {
  private struct State {
    /// The first take that has not begun.
    var next = 0
    /// Takes that have begun and that no thread is working on.
    var waiting: [TakeInProgress] = []
  }
  private let maker: TakeMaker
  private let count: Int
  private let groupSize: Int
  private let state = Mutex(State())

  package init(_ maker: TakeMaker, count: Int, jobs: Int) {
    self.maker = maker
    self.count = count
    groupSize = jobs > 1 ? 4 * jobs : 1
  }

  /// Works on takes until one has ended or failed, and returns it. Must be called `count` times, from any threads.
  package func finishOne(
    _ progress: some TakeProgress
  ) -> (index: Int, value: Result<TakeMaker.Take, TakeError>) {
    while true {
      let take = claim()
      do throws(TakeError) {
        if try maker.advance(take, progress) {
          state.withLock { $0.waiting.append(take) }
        } else {
          return (take.index, .success(try maker.finish(take, progress)))
        }
      } catch { return (take.index, .failure(error)) }
    }
  }

  /// The take that is furthest behind in the earliest group. There always is one: each call holds at most one take, and there
  /// are as many takes left as calls.
  private func claim() -> TakeInProgress {
    state.withLock { state in
      let behind = state.waiting.indices.min { rank(state.waiting[$0]) < rank(state.waiting[$1]) }
      if let behind, state.next == count || rank(state.waiting[behind]) <= (state.next / groupSize, .zero) {
        return state.waiting.remove(at: behind)
      }
      defer { state.next += 1 }
      return maker.begin(state.next)
    }
  }

  private func rank(_ take: TakeInProgress) -> (group: Int, time: TokenTime) {
    (take.index / groupSize, take.session.time)
  }
}

/// The progress of takes.
package protocol TakeProgress: Sendable {
  /// Reports that a take has advanced.
  func advance(by time: TokenTime)
  /// Reports that a take has been written.
  ///
  /// - Parameter length: By how much it has advanced altogether.
  func finishTake(after length: TokenTime)
}

/// A take that is being generated.
final class TakeInProgress: @unchecked Sendable {
  // Sendable: the thread that claimed it from the queue has exclusive access, and the queue's lock orders accesses.
  let index: Int
  let model: Model
  let settings: GenerationSettings
  /// Created when the take first advances.
  private(set) lazy var session = GenerationSession(model, settings)
  var tokens: [Token] = []
  var elapsed = Duration.zero

  init(_ index: Int, _ model: Model, _ settings: GenerationSettings) {
    self.index = index
    self.model = model
    self.settings = settings
  }
}
