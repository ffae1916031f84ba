import Foundation
import MIDIFiles
import MusicCore
import MusicTokens
import TestSupport
import Testing

/// All commands agree on drums, on the messages that end notes, and on embedded files.
@Suite struct OneReadingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let gm: [UInt8] = [0x7E, 0x7F, 9, 1]
  private static let gm2: [UInt8] = [0x7E, 0x7F, 9, 3]
  private static let gs: [UInt8] = [0x41, 0x10, 0x42, 0x12, 0x40, 0, 0x7F, 0, 0x41]
  private static let xg: [UInt8] = [0x43, 0x10, 0x4C, 0, 0, 0x7E, 0]

  // MARK: Music

  private static func note(_ onset: Int64, _ end: Int64, _ pitch: UInt8, channel: UInt8 = 0) -> Note {
    Note(
      onset: Tick(rawValue: onset), end: Tick(rawValue: end), pitch: Pitch(masking: pitch),
      velocity: Velocity(masking: 90), channel: Channel(status: channel))
  }

  private static func control(_ tick: Int64, _ message: ControlEvent.Message, channel: UInt8 = 0) -> ControlEvent {
    ControlEvent(tick: Tick(rawValue: tick), channel: Channel(status: channel), message: message)
  }

  /// A score in which a quarter note lasts half a second, 32 ticks of the token stream.
  private static func score(_ notes: [Note], _ controls: [ControlEvent] = [], _ messages: [SystemExclusive] = [])
    -> Score
  {
    Score(
      tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 480)),
      tracks: [Track(notes: notes, controls: controls, systemExclusives: messages)])
  }

  // MARK: Commands

  private func run(_ arguments: String...) throws -> CommandLineProgram.Result {
    let run = try TestSounds.aurl(arguments, in: folder)
    #expect(run.status == 0, "\(arguments): \(run.errors)")
    return run
  }

  /// Note-ons, time shifts and note-offs of the encoded stream, such as `+60 16 -60`.
  private func tokens(_ arguments: String...) throws -> String {
    let run = try TestSounds.aurl(["encode"] + arguments, in: folder)
    #expect(run.status == 0, "\(run.errors)")
    return try TokenFile(bytes: Array(run.output)).tokens.compactMap { token in
      switch token.meaning {
      case .noteOn(let pitch): "+\(pitch.rawValue)"
      case .noteOff(let pitch): "-\(pitch.rawValue)"
      case .timeShift(let ticks): "\(ticks)"
      case .velocityChange: nil
      }
    }.joined(separator: " ")
  }

  private func report(_ arguments: String...) throws -> [String: Any] {
    let run = try TestSounds.aurl(arguments + ["--json"], in: folder)
    #expect(run.status == 0, "\(run.errors)")
    return try #require(try run.jsonObjects().first)
  }

  private func sound(_ name: String, soundFont: String = TestSounds.soundFont) throws -> Data {
    _ = try run(
      "render", name, "-o", "\(name).wav", "--soundfont", soundFont, "--rate", "8000", "--tail", "0.5", "--no-reverb",
      "--no-chorus", "-q")
    return try Data(contentsOf: URL(fileURLWithPath: folder.path("\(name).wav")))
  }

  // MARK: Drums

  /// A way in which MIDI makes a channel a drum part or a melodic part.
  struct Part: CustomStringConvertible, Sendable {
    var description: String
    var channel: UInt8
    var messages: [[UInt8]] = []
    var bank: UInt8?
  }

  private static func write(_ part: Part, pitch: UInt8) throws -> [UInt8] {
    let bank = part.bank.map { [control(10, .controller(.bankSelect, $0), channel: part.channel)] } ?? []
    let program = control(10, .program(Program(masking: 0)), channel: part.channel)
    let messages = part.messages.map { SystemExclusive(tick: .zero, bytes: $0) }
    let notes = [note(15, 240, pitch, channel: part.channel), note(480, 960, 60)]
    return try MIDIFile.bytes(of: score(notes, bank + [program], messages))
  }

  @Test(arguments: [
    Part(description: "GS", channel: 10, messages: [gs, [0x41, 0x10, 0x42, 0x12, 0x40, 0x1A, 0x15, 2, 0x0F]]),
    Part(description: "XG bank", channel: 10, messages: [xg], bank: 127),
    Part(description: "XG part", channel: 10, messages: [xg, [0x43, 0x10, 0x4C, 8, 10, 7, 1]]),
    Part(description: "GM2", channel: 10, messages: [gm2], bank: 120),
    Part(description: "channel 10", channel: 9),
  ])
  func drums(part: Part) throws {
    _ = try folder.write(Self.write(part, pitch: 38), to: "part.mid")
    _ = try folder.write(Self.write(Part(description: "", channel: 9), pitch: 38), to: "drums.mid")
    #expect(try tokens("part.mid") == "32 +60 32 -60")
    #expect(try tokens("part.mid", "--drums") == "1 +38 15 -38 16 +60 32 -60")
    let inspection = try report("inspect", "part.mid")
    #expect(inspection["notes"] as? Int == 2 && inspection["drums"] as? Int == 1)
    let analysis = try report("analyze", "part.mid")
    #expect((analysis["metrics"] as? [String: Any])?["pitchesUsed"] as? Int == 1)
    #expect((analysis["melody"] as? [String: Any])?["lowestPitch"] as? Int == 60)
    #expect(try sound("part.mid") == sound("drums.mid"))
  }

  @Test(arguments: [
    Part(description: "GS", channel: 9, messages: [gs, [0x41, 0x10, 0x42, 0x12, 0x40, 0x10, 0x15, 0, 0x1B]]),
    Part(description: "XG part", channel: 9, messages: [xg, [0x43, 0x10, 0x4C, 8, 9, 7, 0]]),
    Part(description: "XG bank", channel: 9, messages: [xg], bank: 0),
    Part(description: "GM2 under XG", channel: 9, messages: [xg], bank: 121),
    Part(description: "GM2", channel: 9, messages: [gm2], bank: 121),
    Part(description: "GS alone", channel: 10, messages: [gs], bank: 1),
  ])
  func melody(part: Part) throws {
    _ = try folder.write(Self.write(part, pitch: 64), to: "part.mid")
    _ = try folder.write(Self.write(Part(description: "", channel: 1), pitch: 64), to: "melody.mid")
    #expect(try tokens("part.mid") == "1 +64 15 -64 16 +60 32 -60")
    #expect(try report("inspect", "part.mid")["drums"] as? Int == 0)
    let analysis = try report("analyze", "part.mid")
    #expect((analysis["metrics"] as? [String: Any])?["pitchesUsed"] as? Int == 2)
    #expect(try sound("part.mid") == sound("melody.mid"))
  }

  // MARK: Messages that end notes

  @Test(arguments: [gm, gm2, gs, xg]) func resets(message: [UInt8]) throws {
    let notes = [Self.note(0, 240, 60), Self.note(960, 1200, 64), Self.note(1920, 1925, 67)]
    let pedal = [Self.control(0, .controller(.sustain, 127))]
    let music = Self.score(notes, pedal, [SystemExclusive(tick: 720, bytes: message)])
    _ = try folder.write(MIDIFile.bytes(of: music), to: "reset.mid")
    #expect(try tokens("reset.mid") == "+60 48 -60 16 +64 16 -64 48 +67 1 -67")
    // 8000 stereo frames a second, as 16-bit samples.
    let font = try folder.write(OrganFont.bytes(), to: "organ.sf2")
    let samples = try sound("reset.mid", soundFont: font).dropFirst(44)
      .withUnsafeBytes { Array($0.bindMemory(to: Int16.self)) }
    func isSilent(_ seconds: Range<Double>) -> Bool {
      let range = Int(seconds.lowerBound * 8000) * 2..<Int(seconds.upperBound * 8000) * 2
      return samples[range].allSatisfy { abs($0) < 10 }
    }
    #expect(!isSilent(0.3..<0.4) && !isSilent(0.65..<0.74) && isSilent(0.8..<0.98))
    #expect(!isSilent(1.1..<1.2) && isSilent(1.3..<1.9))
  }

  // MARK: Wrappers

  private static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
    let length = (0..<4).map { UInt8(body.count >> (8 * $0) & 0xFF) }
    return Array(name.utf8) + length + body + (body.count % 2 == 1 ? [0] : [])
  }

  @Test func theSoundFontInsideAnRMIDFileIsUsed() throws {
    let song = try MIDIFile.bytes(of: TestSounds.piece)
    let font = try folder.write(OrganFont.bytes(), to: "organ.sf2")
    let info = Self.chunk("LIST", Array("INFO".utf8) + Self.chunk("DBNK", [0, 0]))
    let body = try Array("RMID".utf8) + info + Self.chunk("data", song) + OrganFont.bytes()
    _ = try folder.write(Self.chunk("RIFF", body), to: "song.rmi")
    _ = try folder.write(song, to: "song.mid")
    #expect(try tokens("song.rmi") == tokens("song.mid"))
    #expect(try sound("song.rmi") == sound("song.mid", soundFont: font))
    #expect(try sound("song.rmi") != sound("song.mid"))
    let run = try run("render", "song.rmi", "-o", "b.wav", "--soundfont", TestSounds.soundFont, "--json")
    #expect(try run.jsonObjects().first?["soundfont"] as? String == "song.rmi")
    #expect(run.errors.contains("song.rmi: the soundfont inside is used"))
    _ = try TestSounds.aurl(["--version"], in: folder, shell: "gzip -k song.rmi && exec \"$@\"")
    #expect(try sound("song.rmi.gz") == sound("song.rmi"))
    _ = try self.run(
      "render", "song.rmi", "--stems", "stems", "--soundfont", TestSounds.soundFont, "--tail", "0.5", "-q")
    #expect(folder.files.contains { $0.hasPrefix("stems/") })
  }

  @Test func gzipIsUnwrapped() throws {
    _ = try folder.write(MIDIFile.bytes(of: TestSounds.piece), to: "songs/song.mid")
    let zipped = try TestSounds.aurl(
      ["encode", "songs", "-o", "out"], in: folder, shell: "gzip songs/song.mid && exec \"$@\"")
    #expect(zipped.status == 0 && folder.files.contains("out/song.tokens"), "\(zipped.errors) \(folder.files)")
    _ = try folder.write(MIDIFile.bytes(of: TestSounds.piece), to: "song.mid")
    #expect(try tokens("songs/song.mid.gz") == tokens("song.mid"))
    #expect(try report("analyze", "songs/song.mid.gz")["notes"] as? Int == 4)
    #expect(try report("inspect", "songs/song.mid.gz")["notes"] as? Int == 4)
    #expect(try sound("songs/song.mid.gz") == sound("song.mid"))
  }
}
