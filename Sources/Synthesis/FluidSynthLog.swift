internal import CFluidSynth
internal import Synchronization

/// FluidSynth's messages, which would go to standard error: what it says of a failure becomes the reason of an
/// error, and the rest is dropped.
enum FluidSynthLog {
  private static let lastError = Mutex<String?>(nil)
  /// Held while messages are collected, so that those of two threads are not mixed up.
  private static let turn = Mutex(())

  /// Takes FluidSynth's messages over; once for the whole program.
  static func takeOver(_ setLogFunction: fluid_set_log_function_function) {
    for level in [FLUID_PANIC, FLUID_ERR, FLUID_WARN, FLUID_INFO, FLUID_DBG] {
      _ = setLogFunction(Int32(level.rawValue), { level, message, _ in FluidSynthLog.note(level, message) }, nil)
    }
  }

  /// The library with which FluidSynth tries files that are no soundfonts complains through glib, which comes
  /// with it and has no header here.
  static func silenceGLib(in library: SharedLibrary) {
    typealias Handler = @convention(c) (UnsafePointer<CChar>?, Int32, UnsafePointer<CChar>?, UnsafeRawPointer?) -> Void
    typealias SetHandler = @convention(c) (Handler, UnsafeRawPointer?) -> UnsafeRawPointer?
    guard let symbol = library.address(of: "g_log_set_default_handler") else { return }
    _ = unsafeBitCast(symbol, to: SetHandler.self)({ _, _, _, _ in }, nil)
  }

  /// The result of `body`, and the last error that was logged meanwhile.
  static func collecting<Result>(_ body: () -> Result) -> (Result, reason: String?) {
    turn.withLock { _ in
      lastError.withLock { $0 = nil }
      let result = body()
      return (result, lastError.withLock { $0 })
    }
  }

  private static func note(_ level: Int32, _ message: UnsafePointer<CChar>?) {
    guard let message, level <= Int32(FLUID_ERR.rawValue) else { return }
    let text = String(cString: message)
    // The first is the cause; those after it say where it was noticed.
    lastError.withLock { $0 = $0 ?? text }
  }
}
