import Files
import Glibc

/// The memory of this process. Because other tests run in it too, measure in a separate process (an exit test).
public enum Memory {
  /// The resident memory in bytes.
  public static func residentBytes() throws -> Int { try bytes("VmRSS") }

  /// The peak of resident memory since the last reset, in bytes.
  public static func peakBytes() throws -> Int { try bytes("VmHWM") }

  /// Resets the peak.
  public static func resetPeak() throws {
    let descriptor = open("/proc/self/clear_refs", O_WRONLY)
    guard descriptor >= 0, write(descriptor, "5", 1) == 1, close(descriptor) == 0 else { throw Unreadable() }
  }

  private struct Unreadable: Error {}

  private static func bytes(_ field: String) throws -> Int {
    let status = String(decoding: try readBytes(ofFile: "/proc/self/status"), as: UTF8.self)
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("\(field):") }),
      let kilobytes = Int(line.filter(\.isNumber))
    else { throw Unreadable() }
    return kilobytes << 10
  }
}
