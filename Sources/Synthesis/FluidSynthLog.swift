internal import CFluidSynth
internal import Glibc
internal import Synchronization

/// Captures FluidSynth's messages, which would go to standard error: the message of a failure becomes the reason of an
/// error, and others are dropped.
///
/// Synthesizers are created and deleted, and soundfonts loaded, one at a time: the tables that the first synthesizer
/// fills and the cache of samples are shared and not thread-safe (seen in FluidSynth 2.3.1).
package enum FluidSynthLog {
  private struct Collection {
    var thread: pthread_t
    var messages: [(level: Int32, text: String)] = []
  }

  private static let collection = Mutex<Collection?>(nil)
  private static let turn = Mutex(())

  /// Loads FluidSynth and redirects its messages, if that has not been done.
  package static func prepare() throws { _ = try FluidLibrary.shared() }

  /// Redirects FluidSynth's messages; once for the whole program.
  static func takeOver(_ setLogFunction: fluid_set_log_function_function) {
    for level in [FLUID_PANIC, FLUID_ERR, FLUID_WARN, FLUID_INFO, FLUID_DBG] {
      _ = setLogFunction(Int32(level.rawValue), { level, message, _ in FluidSynthLog.note(level, message) }, nil)
    }
  }

  /// Silences glib, through which the library that FluidSynth tries on other kinds of files prints warnings. Glib comes
  /// with FluidSynth and has no header here.
  static func silenceGLib(in library: SharedLibrary) {
    typealias Handler = @convention(c) (UnsafePointer<CChar>?, Int32, UnsafePointer<CChar>?, UnsafeRawPointer?) -> Void
    typealias SetHandler = @convention(c) (Handler, UnsafeRawPointer?) -> UnsafeRawPointer?
    guard let symbol = library.address(of: "g_log_set_default_handler") else { return }
    _ = unsafeBitCast(symbol, to: SetHandler.self)({ _, _, _, _ in }, nil)
  }

  /// The result of `body`, and the first error logged meanwhile: later ones only say where it was noticed.
  static func collecting<Result>(_ body: () -> Result) -> (Result, reason: String?) {
    let (result, messages) = messages(of: body)
    return (result, messages.first { $0.level <= Int32(FLUID_ERR.rawValue) }?.text)
  }

  /// The result of `body`, and all errors and warnings logged meanwhile.
  package static func collectingComplaints<Result>(_ body: () -> Result) -> (Result, complaints: [String]) {
    let (result, messages) = messages(of: body)
    return (result, messages.map(\.text))
  }

  private static func messages<Result>(of body: () -> Result) -> (Result, [(level: Int32, text: String)]) {
    turn.withLock { _ in
      collection.withLock { $0 = Collection(thread: pthread_self()) }
      let result = body()
      return (result, collection.withLock { $0.take()?.messages ?? [] })
    }
  }

  private static func note(_ level: Int32, _ message: UnsafePointer<CChar>?) {
    guard let message, level <= Int32(FLUID_WARN.rawValue) else { return }
    let text = String(cString: message)
    collection.withLock { collection in
      // Messages of other threads, which may be playing, are not collected.
      guard let thread = collection?.thread, pthread_equal(thread, pthread_self()) != 0 else { return }
      collection?.messages.append((level, text))
    }
  }
}
