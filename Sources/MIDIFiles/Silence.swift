internal import CSMF

/// Keeps libraries from writing to standard error.
enum Silence {
  /// Silences glib, which libsmf uses for warnings. Failures are returned as errors in any case.
  static func glib() { _ = installed }

  private static let installed: Void = {
    g_log_set_default_handler({ _, _, _, _ in }, nil)
  }()
}
