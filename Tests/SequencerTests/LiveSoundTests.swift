import CPrograms
import Glibc
import MIDIPorts
import MusicCore
import Playing
import TestSupport
import Testing

extension SequencerTests {
  /// `aurl live --synth` with a sound device without hardware; its output is also written to a file.
  @Suite(.enabled(if: access(device, R_OK) == 0 && hasSteadyClock)) struct LiveSoundTests {
    private static let rate = 48_000.0

    /// The player's notes sound within 12 ms plus the device's buffer, even if all threads of the program except the
    /// synthesizer's are stopped.
    @Test func keysSoundWhileTheEngineIsStopped() async throws {
      let (font, sound) = (temporaryPath("sf2"), temporaryPath("raw"))
      defer { for path in [font, sound] { unlink(path) } }
      try write(OrganFont.bytes(), to: font)
      let session = try await LiveSession(
        ["--synth", "--soundfont", font, "--audio", "alsa:tee:'hw:Dummy',\(sound),raw"], named: true)
      #expect(try await eventually { try bytes(of: sound).count > 10_000 })
      let client = session.keyboard.client
      var latencies: [Double] = []
      for round in 0..<5 {
        let pitch = 60 + round
        let (own, now) = (await client.now.rawValue, monotonic())
        let strike = 0.3 + 0.0037 * Double(round)
        try await client.schedule(.noteOn(pitch), from: session.keyboard.port, at: Seconds(own + strike))
        try await client.schedule(.noteOff(pitch), from: session.keyboard.port, at: Seconds(own + strike + 0.1))
        try await client.flush()
        let frame = try #require(frameAtStrike(now + strike, stopping: session.program.identifier))
        // The file has the samples given to the device; silence still has dither and reverberation.
        let samples = try levels(of: sound, from: frame - 200, count: 5000)
        let peak = try #require(samples.max())
        #expect(peak > 200, "round \(round): nothing sounds")
        let first = try #require(samples.firstIndex { 4 * $0 > peak })
        latencies.append(Double(first - 200) / Self.rate)
      }
      #expect(latencies.allSatisfy { $0 > -0.002 && $0 <= 0.012 }, "\(latencies)")
      #expect(try await session.end() == 0, "\(session.program.errors)")
    }

    /// The magnitudes of the left channel of a file of 16-bit stereo.
    private func levels(of path: String, from start: Int, count: Int) throws -> [Int] {
      let bytes = try bytes(of: path)
      return stride(from: 4 * start, to: min(bytes.count - 1, 4 * (start + count)), by: 4).map {
        abs(Int(Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)))
      }
    }

    /// Stops all threads of a program except its synthesizer's until half a second after a time.
    ///
    /// - Returns: The frame that the device is given at that time; nil if the threads cannot be stopped.
    private func frameAtStrike(_ time: Double, stopping program: pid_t) -> Int? {
      let threads = entries(of: "/proc/\(program)/task").filter {
        let name = contents(of: "/proc/\(program)/task/\($0)/comm").trimmedEnd
        return name != "aurl synth" && name != "alsa-audio"
      }.compactMap { pid_t($0) }
      let stopped = threads.filter(aurl_stop_thread)
      defer { for thread in stopped { _ = aurl_continue_thread(thread) } }
      guard stopped == threads, threads.count >= 2 else { return nil }
      while monotonic() < time - 0.001 { usleep(200) }
      let (now, status) = (monotonic(), contents(of: device))
      while monotonic() < time + 0.5 { usleep(10_000) }
      guard let match = status.firstMatch(of: /appl_ptr *: ([0-9]+)/), let position = Int(match.1) else { return nil }
      return position + Int((time - now) * Self.rate)
    }
  }
}

/// The kernel's status of the sound device without hardware (snd-dummy).
private let device = "/proc/asound/Dummy/pcm0p/sub0/status"

private func monotonic() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

private func write(_ bytes: [UInt8], to path: String) throws {
  guard let file = fopen(path, "w") else { throw CancellationError() }
  fwrite(bytes, 1, bytes.count, file)
  fclose(file)
}

func entries(of folder: String) -> [String] {
  guard let directory = opendir(folder) else { return [] }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    names.append(withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
  }
  return names.filter { $0.first?.isNumber ?? false }
}

extension String {
  fileprivate var trimmedEnd: Substring { self[..<(lastIndex { !$0.isWhitespace }.map(index(after:)) ?? startIndex)] }
}
