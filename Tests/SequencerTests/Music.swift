import Glibc
import MIDIFiles
import MusicCore
import TestSupport

/// Whether this system has a sequencer. If it has none, these tests run in a guest machine.
let hasSequencer = access("/dev/snd/seq", R_OK | W_OK) == 0

/// Whether the clock is that of the guest, which is independent of the load. Elsewhere tolerances are larger.
let hasSteadyClock = getenv("AURL_GUEST") != nil

/// The tolerance of times in seconds.
let tolerance = hasSteadyClock ? 0.002 : 0.05

/// Whether the kernel has virtual raw MIDI devices (snd-virmidi).
let hasVirtualDevices = contents(of: "/proc/asound/cards").contains("VirMIDI")

/// The program under test, built beside the tests.
let aurl: String = {
  let path = CommandLine.arguments[0]
  let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  return folder + "/aurl"
}()

/// Generated music: `count` notes on the channels of both hands, with chords, repeated pitches and a pedal.
func music(notes count: Int, spacing: Int64 = 60) -> Score {
  var generator = SeededGenerator(seed: 42)
  var track = Track()
  var tick = Int64(0)
  for index in 0..<count {
    if index % 3 > 0 { tick += spacing + Int64.random(in: 0..<spacing, using: &generator) }
    track.notes.append(
      Note(
        onset: Tick(rawValue: tick),
        end: Tick(rawValue: tick + spacing / 2 + Int64.random(in: 0..<spacing / 4, using: &generator)),
        pitch: Pitch(masking: UInt8(36 + index % 3 * 12 + Int.random(in: 0..<12, using: &generator))),
        velocity: Velocity(masking: UInt8.random(in: 20...120, using: &generator)),
        channel: Channel(status: UInt8(index % 2))))
    if index % 8 == 0 {
      track.controls.append(
        ControlEvent(
          tick: Tick(rawValue: tick), channel: Channel(status: 0),
          message: .controller(.sustain, index % 16 == 0 ? 127 : 0)))
    }
  }
  track.end = Tick(rawValue: tick + 2 * spacing)
  track.controls.append(
    ControlEvent(tick: track.end, channel: Channel(status: 0), message: .controller(.sustain, 0)))
  let map = TempoMap(
    division: .metrical(ticksPerQuarter: 480),
    changes: [
      TempoChange(tick: .zero, microsecondsPerQuarter: 400_000),
      TempoChange(tick: Tick(rawValue: tick / 2), microsecondsPerQuarter: 600_000),
    ])
  return Score(tempoMap: map, tracks: [track])
}

/// Writes a score to a temporary file.
func file(_ score: Score) throws -> String {
  let path = temporaryPath("mid")
  let bytes = try MIDIFile.bytes(of: score)
  guard let file = fopen(path, "w") else { return path }
  fwrite(bytes, 1, bytes.count, file)
  fclose(file)
  return path
}

/// A note with times in seconds, for comparing recordings.
struct Sound: Hashable {
  var onset: Double
  var end: Double
  var pitch: Pitch
  var velocity: Velocity
  var channel: Channel

  /// The notes of a score sorted by onset, with times relative to the first onset.
  static func all(of score: Score) -> [Sound] {
    let map = score.tempoMap
    let notes = score.tracks.flatMap(\.notes)
    let start = notes.map(\.onset).min().map { map.seconds(at: $0).rawValue } ?? 0
    return notes.map {
      Sound(
        onset: map.seconds(at: $0.onset).rawValue - start, end: map.seconds(at: $0.end).rawValue - start,
        pitch: $0.pitch, velocity: $0.velocity, channel: $0.channel)
    }.sorted { ($0.onset, $0.pitch, $0.channel) < ($1.onset, $1.pitch, $1.channel) }
  }
}

/// The largest difference between onsets and ends of the same notes, in seconds; nil if the notes differ.
func deviation(_ a: [Sound], _ b: [Sound]) -> Double? {
  guard a.count == b.count else { return nil }
  // Recorded chords may be a fraction of a millisecond apart: the notes of each key are compared.
  func byKey(_ sounds: [Sound]) -> [[Int]: [Sound]] {
    Dictionary(grouping: sounds) { [Int($0.channel.rawValue), Int($0.pitch.rawValue)] }
  }
  let (keysOfA, keysOfB) = (byKey(a), byKey(b))
  var worst = 0.0
  for (key, sounds) in keysOfA {
    guard let others = keysOfB[key], others.count == sounds.count else { return nil }
    for (x, y) in zip(sounds, others) {
      guard x.velocity == y.velocity else { return nil }
      worst = max(worst, abs(x.onset - y.onset), abs(x.end - y.end))
    }
  }
  return worst
}
