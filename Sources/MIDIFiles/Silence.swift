internal import CSMF

/// Keeps libraries from writing to standard error by themselves.
enum Silence {
  /// glib, with which libsmf reports what it does not like. What matters of it comes back as an error.
  static func glib() { _ = installed }

  private static let installed: Void = {
    g_log_set_default_handler({ _, _, _, _ in }, nil)
  }()
}
