import Audio
import CSndFile
import Foundation
import MIDIFiles
import MusicCore
import TestSupport
import Testing

/// `aurl render` and `aurl soundfonts` as they are run.
struct SoundCommandTests {
  private let soundFont = TestSounds.soundFont

  // MARK: Results

  @Test(arguments: [
    (["-o", "a.wav"], SF_FORMAT_WAV | SF_FORMAT_PCM_16, 48_000),
    (["-o", "a.wav", "--bits", "24", "--rate", "44100"], SF_FORMAT_WAV | SF_FORMAT_PCM_24, 44_100),
    (["-o", "a.wav", "--bits", "32", "--rate", "192000"], SF_FORMAT_WAV | SF_FORMAT_FLOAT, 192_000),
    (["-o", "a.flac", "--rate", "96000"], SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 96_000),
    (["-o", "a.ogg"], SF_FORMAT_OGG | SF_FORMAT_VORBIS, 48_000),
    (["-o", "a.opus"], SF_FORMAT_OGG | SF_FORMAT_OPUS, 48_000),
    (["-o", "a.mp3"], SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 48_000),
  ])
  func formats(options: [String], format: Int, rate: Int) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(MIDIFile.bytes(of: TestSounds.piece), to: "song.mid")
    let run = try TestSounds.aurl(["render", "song.mid", "--soundfont", soundFont, "--json"] + options, in: folder)
    try #require(run.status == 0, "\(run.errors)")
    let report = try #require(try run.jsonObjects().first)
    #expect(report["schema"] as? String == "aurl-render/1")
    #expect(report["file"] as? String == "song.mid")
    #expect(report["output"] as? String == options[1])
    #expect(report["soundfont"] as? String == soundFont)
    #expect(report["clippedSamples"] as? Int == 0)
    let peak = try #require(report["peakDBFS"] as? Double)
    #expect(peak < -1 && peak > -40)
    let sound = try #require(ReadSound(folder.path("\(options[1])")))
    #expect(sound.format == format && sound.rate == rate)
    let seconds = try #require(report["seconds"] as? Double)
    #expect(abs(Double(sound.frames) / Double(rate) - seconds) < 0.001)
    #expect(seconds > 1.2 && seconds < 16)
    let isLossy = [SF_FORMAT_OGG, SF_FORMAT_MPEG].contains(format & SF_FORMAT_TYPEMASK)
    #expect(abs(20 * log10(Double(sound.peak)) - peak) < (isLossy ? 1 : 0.1))
  }

  /// Several synthesizers at once load the samples in another way; the sound is the same except for rounding.
  @Test func jobsDoNotChangeTheSound() throws {
    let folder = try TemporaryFolder()
    for name in ["korobeiniki", "greensleeves", "brahms-waltz-a-flat"] {
      let piece = CommandLineProgram.checkout.appendingPathComponent("corpus/\(name).mid")
      _ = try folder.write(Data(contentsOf: piece), to: "in/\(name).mid")
    }
    let options = ["--soundfont", soundFont, "--rate", "8000", "-q"]
    for jobs in ["1", "3"] {
      let run = try TestSounds.aurl(["render", "in", "-o", "out\(jobs)", "--jobs", jobs] + options, in: folder)
      #expect(run.status == 0, "\(run.errors)")
    }
    for file in folder.files.filter({ $0.hasPrefix("out1/") }) {
      let other = file.replacingOccurrences(of: "out1/", with: "out3/")
      let sounds = try [file, other].map { try Self.samples(of: folder.path($0)) }
      try #require(sounds[0].count == sounds[1].count && sounds[0].count > 100_000, "\(file)")
      #expect(zip(sounds[0], sounds[1]).allSatisfy { abs(Int($0) - Int($1)) <= 1 }, "\(file)")
    }
    #expect(folder.files.filter { $0.hasPrefix("out1/") }.count == 3)
  }

  /// The samples of a 16-bit WAV file.
  private static func samples(of path: String) throws -> [Int16] {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path)).dropFirst(44)
    return bytes.withUnsafeBytes { Array($0.bindMemory(to: Int16.self)) }
  }

  @Test func tokensSoundLikeTheirMIDI() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(MIDIFile.bytes(of: TestSounds.piece), to: "song.mid")
    #expect(try TestSounds.aurl(["encode", "song.mid", "-o", "song.tokens"], in: folder).status == 0)
    for name in ["song.mid", "song.tokens"] {
      let run = try TestSounds.aurl(
        ["render", name, "-o", "\(name).wav", "--soundfont", soundFont, "--tail", "1", "-q"], in: folder)
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    }
    let sounds = try ["song.mid.wav", "song.tokens.wav"].map { try #require(ReadSound(folder.path("\($0)"))) }
    #expect(abs(sounds[0].frames - sounds[1].frames) < 4800)
    #expect(abs(20 * log10(Double(sounds[0].peak / sounds[1].peak))) < 3)
  }

  @Test func streamOnAPipe() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(MIDIFile.bytes(of: TestSounds.piece), to: "song.mid")
    let options = ["--soundfont", soundFont, "--exact"]
    let stream = try TestSounds.aurl(["render", "song.mid", "-o", "-"] + options, in: folder)
    #expect(try TestSounds.aurl(["render", "song.mid", "-o", "a.wav"] + options, in: folder).status == 0)
    let file = try Data(contentsOf: URL(fileURLWithPath: folder.path("a.wav")))
    #expect(stream.status == 0)
    #expect(stream.output.dropFirst(44) == file.dropFirst(44), "the samples are those of a file")
    #expect(file.count == 44 + 4 * 57_600)
  }

  @Test func normalizedToTruePeak() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(MIDIFile.bytes(of: TestSounds.piece), to: "song.mid")
    let run = try TestSounds.aurl(
      ["render", "song.mid", "-o", "a.wav", "--bits", "32", "--normalize", "--soundfont", soundFont], in: folder)
    #expect(run.status == 0 && !run.errors.contains("Warning"))
    let sound = try #require(ReadSound(folder.path("a.wav")))
    var meter = TruePeakMeter()
    meter.measure(sound.samples)
    meter.finish()
    #expect(abs(20 * log10(Double(meter.peak)) + 1) < 0.01)
    #expect(folder.files == ["a.wav", "song.mid"])
  }

  @Test func clippingIsReported() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(MIDIFile.bytes(of: TestSounds.piece), to: "song.mid")
    let arguments = ["render", "song.mid", "-o", "a.wav", "--soundfont", soundFont, "--quiet"]
    let loud = try TestSounds.aurl(arguments + ["--gain", "10"], in: folder)
    #expect(loud.status == 0)
    let advice = try #require(loud.errors.firstMatch(of: /Warning: a.wav: \d+ samples .*--gain ([0-9.]+)\n/))
    let mended = try TestSounds.aurl(arguments + ["--gain", String(advice.1)], in: folder)
    #expect(mended.errors.isEmpty, "the suggested gain avoids the clipping")
  }

  @Test func stemsAreNamedAfterTheirTracks() throws {
    let folder = try TemporaryFolder()
    var piece = TestSounds.piece
    let name = TextEvent(tick: 0, kind: .trackName, bytes: Array("Left Hand/2".utf8))
    piece.tracks.append(Track(notes: [TestSounds.note(40, 0, 400)], texts: [name], end: 400))
    _ = try folder.write(MIDIFile.bytes(of: piece), to: "song.mid")
    let run = try TestSounds.aurl(
      ["render", "song.mid", "--stems", "parts", "--format", "flac", "--soundfont", soundFont, "--json"], in: folder)
    #expect(run.status == 0, "\(run.errors)")
    let names = folder.files.filter { $0.hasPrefix("parts/") }
    #expect(names.count == 2 && names.last?.hasSuffix("-left-hand-2.flac") == true, "\(names)")
    #expect(run.text.split(separator: "\n").count == 2)
  }

  /// If only one track has notes (the tempo track has none), the stems are its channels.
  @Test func aTrackOfSeveralChannelsIsSplitByChannel() throws {
    let folder = try TemporaryFolder()
    var notes = TestSounds.piece.tracks[0].notes
    for index in notes.indices.dropFirst(2) { notes[index].channel = Channel(status: 4) }
    let conductor = Track(texts: [TextEvent(tick: 0, kind: .trackName, bytes: Array("Conductor".utf8))], end: 480)
    let piece = Score(tempoMap: TestSounds.piece.tempoMap, tracks: [conductor, Track(notes: notes, end: 1152)])
    _ = try folder.write(MIDIFile.bytes(of: piece), to: "song.mid")
    let run = try TestSounds.aurl(
      ["render", "song.mid", "--stems", "parts", "--rate", "8000", "--tail", "0", "--soundfont", soundFont, "-q"],
      in: folder)
    #expect(run.status == 0, "\(run.errors)")
    let names = folder.files.filter { $0.hasPrefix("parts/") }
    #expect(names == ["parts/01-channel.wav", "parts/05-channel.wav"], "\(names)")
  }

  @Test(arguments: ["--no-reverb", "--no-chorus"]) func effectsCanBeLeftOut(option: String) throws {
    let folder = try TemporaryFolder()
    var piece = TestSounds.piece
    // The sends to reverb (91) and chorus (93).
    for number in [91, 93] as [UInt8] {
      piece.tracks[0].controls.append(
        ControlEvent(tick: 0, channel: Channel(status: 0), message: .controller(Controller(masking: number), 127)))
    }
    _ = try folder.write(MIDIFile.bytes(of: piece), to: "song.mid")
    for (name, options) in [("wet", []), ("dry", [option])] {
      let run = try TestSounds.aurl(
        ["render", "song.mid", "-o", "\(name).wav", "--rate", "8000", "--tail", "0.5", "--soundfont", soundFont, "-q"]
          + options, in: folder)
      #expect(run.status == 0, "\(run.errors)")
    }
    let isSame = try Self.samples(of: folder.path("wet.wav")) == Self.samples(of: folder.path("dry.wav"))
    #expect(!isSame)
  }

  /// The peak of a sound that is cut off while it rises is at its very end.
  @Test func normalizingMeasuresTheEnd() throws {
    let folder = try TemporaryFolder()
    let font = try folder.write(OrganFont.bytes(), to: "organ.sf2")
    // A sine of 27.5 Hz, whose first peak would come after 9 ms, cut off before it.
    let note = Note(onset: 0, end: 8, pitch: Pitch(masking: 21), velocity: Velocity(masking: 120))
    let map = TempoMap(
      division: .metrical(ticksPerQuarter: 1000), changes: [TempoChange(tick: 0, microsecondsPerQuarter: 1_000_000)])
    _ = try folder.write(MIDIFile.bytes(of: Score(tempoMap: map, tracks: [Track(notes: [note], end: 8)])), to: "a.mid")
    let run = try TestSounds.aurl(
      [
        "render", "a.mid", "-o", "a.wav", "--bits", "32", "--exact", "--normalize", "--no-reverb", "--no-chorus",
        "--soundfont", font,
      ], in: folder)
    try #require(run.status == 0, "\(run.errors)")
    let sound = try #require(ReadSound(folder.path("a.wav")))
    #expect(sound.peak > 0.5 && sound.peak < 0.8925)
  }

  @Test func manyFilesAtOnce() throws {
    let folder = try TemporaryFolder()
    let names = ["in/a", "in/b", "in/deep/c"]
    for (index, name) in names.enumerated() {
      var piece = TestSounds.piece
      piece.tracks[0].notes.append(TestSounds.note(70 + UInt8(index), 600, 900))
      _ = try folder.write(MIDIFile.bytes(of: piece), to: "\(name).mid")
    }
    let options = ["--soundfont", soundFont]
    let run = try TestSounds.aurl(
      ["render", "in", "missing.mid", "-o", "out", "--jobs", "2", "--json"] + options, in: folder)
    #expect(run.status == 66, "the files that can be rendered are, and the others are reported")
    #expect(run.errors.contains("Error: missing.mid: cannot be opened"))
    #expect(run.text.split(separator: "\n").count == 3)
    for name in names {
      #expect(try TestSounds.aurl(["render", "\(name).mid", "-o", "single.wav"] + options, in: folder).status == 0)
      let single = try Data(contentsOf: URL(fileURLWithPath: folder.path("single.wav")))
      let result = try Data(contentsOf: URL(fileURLWithPath: folder.path("out/\(name.dropFirst(3)).wav")))
      #expect(single == result, "\(name)")
    }
  }

  @Test func withoutANameTheSoundIsWrittenBesideItsMusic() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(MIDIFile.bytes(of: TestSounds.piece), to: "in/song.mid")
    let options = ["--soundfont", soundFont, "--rate", "8000", "-q"]
    #expect(try TestSounds.aurl(["render", "in/song.mid"] + options, in: folder).status == 0)
    let first = try Data(contentsOf: URL(fileURLWithPath: folder.path("in/song.wav")))
    #expect(first.starts(with: "RIFF".utf8))
    let again = try TestSounds.aurl(["render", "in/song.mid", "--gain", "1"] + options, in: folder)
    #expect(again.status == 73)
    #expect(again.errors == "Error: in/song.wav: already exists; --force replaces it, -o names another file\n")
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("in/song.wav"))) == first)
    #expect(try TestSounds.aurl(["render", "in/song.mid", "--gain", "1", "--force"] + options, in: folder).status == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("in/song.wav"))) != first)
    #expect(try TestSounds.aurl(["render", "in/song.mid", "--format", "mp3"] + options, in: folder).status == 0)
    #expect(folder.files.contains("in/song.mp3"))
  }

  @Test func theTitleOfTheMusicIsThatOfTheSound() throws {
    let folder = try TemporaryFolder()
    var piece = TestSounds.piece
    let texts: [(TextEvent.Kind, String)] = [(.trackName, "Für Elise"), (.text, "Composer: Ludwig")]
    piece.tracks = [Track(texts: texts.map { TextEvent(tick: .zero, kind: $0, bytes: Array($1.utf8)) })] + piece.tracks
    _ = try folder.write(MIDIFile.bytes(of: piece), to: "song.mid")
    let run = try TestSounds.aurl(["render", "song.mid", "-o", "a.flac", "--soundfont", soundFont], in: folder)
    #expect(run.status == 0, "\(run.errors)")
    let start = try Data(contentsOf: URL(fileURLWithPath: folder.path("a.flac"))).prefix(2000)
    let comments = String(decoding: start, as: UTF8.self).lowercased()
    #expect(comments.contains("title=für elise") && comments.contains("artist=ludwig"))
  }

  // MARK: Errors

  @Test(arguments: [
    (["song.mid", "-o", "a.aac"], 64, "a.aac: the extension names no audio format; use .wav, .flac, .ogg, .opus"),
    (["song.mid", "-o", "a.mp3", "--format", "wav"], 64, "a.mp3: the extension says mp3, but --format says wav"),
    (["song.mid", "-o", "a.opus", "--rate", "44100"], 64, "a.opus: OPUS is written at 8000, 12000, "),
    (["song.mid", "-o", "a.flac", "--bits", "32"], 64, "a.flac: FLAC holds 16 or 24 bits"),
    (["-"], 64, "standard input: name the audio file, or a folder for several, with -o"),
    (["."], 64, ".: name the audio file, or a folder for several, with -o"),
    (["song.mid", "-o", "a.wav", "--force"], 64, "--force goes without -o"),
    (["song.mid", "-o", "a.wav", "--rate", "200000"], 64, "--rate takes 8000 to 192000, not 200000"),
    (["song.mid", "-o", "a.wav", "--gain", "0"], 64, "--gain takes a number over 0"),
    (["song.mid", "song.mid", "-o", "-"], 64, "several files need a folder"),
    (["song.mid", "--stems", "s", "--normalize"], 64, "--normalize would change the balance"),
    (["song.mid", "-o", "a.wav", "--start", "9"], 64, "song.mid: --start 9.0 is not before the end, at 1.1"),
    (["none.mid", "-o", "a.wav"], 66, "none.mid: cannot be opened: no such file or directory"),
    (["text.mid", "-o", "a.wav"], 65, "text.mid: "),
    (["silent.mid", "-o", "a.wav"], 65, "silent.mid: holds no notes"),
    (["song.mid", "-o", "a.wav", "--soundfont", "none.sf2"], 69, "none.sf2: soundfont cannot be opened: no such file"),
    (["song.mid", "-o", "a.wav", "--soundfont", "text.mid"], 65, "text.mid: not a soundfont"),
    (["song.mid", "-o", "nowhere/a.wav"], 73, "nowhere/a.wav: cannot be created: no such file or directory"),
    (["song.mid", "-o", "/dev/full"], 74, "/dev/full: cannot be written: no space left on device"),
  ])
  func errors(arguments: [String], status: Int32, message: String) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(MIDIFile.bytes(of: TestSounds.piece), to: "song.mid")
    let silence = Score(tempoMap: TestSounds.piece.tempoMap, tracks: [Track()])
    _ = try folder.write(MIDIFile.bytes(of: silence), to: "silent.mid")
    _ = try folder.write("This is no music, \u{1}\u{2} but text.".utf8, to: "text.mid")
    let before = folder.files
    let environment = arguments.contains("--soundfont") ? [:] : ["AURL_SOUNDFONT": soundFont]
    let run = try TestSounds.aurl(["render"] + arguments, in: folder, environment: environment)
    #expect(run.status == status)
    #expect(run.errors.contains("Error: \(message)"), "\(run.errors)")
    if status != 64 || arguments.contains("--start") {
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    }
    #expect(run.output.isEmpty || arguments.contains("-"))
    #expect(folder.files.filter { $0 != "s" } == before, "nothing is left behind")
  }

  /// A limit on file sizes stands in for a disk that fills up during rendering.
  @Test(arguments: ["a.wav", "a.flac", "a.ogg"])
  func fullDisk(name: String) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(MIDIFile.bytes(of: TestSounds.piece), to: "song.mid")
    let run = try TestSounds.aurl(
      ["render", "song.mid", "-o", name, "--soundfont", soundFont, "--tail", "20"], in: folder,
      shell: "trap '' XFSZ; ulimit -f 10; exec \"$@\"")
    #expect(run.status == 74)
    #expect(run.errors == "Error: \(name): cannot be written: file too large\n")
    #expect(folder.files == ["song.mid"])
  }

  /// The program gets SIGTERM as soon as it has a file open in the folder, which is its result or its scratch file.
  @Test(arguments: [[], ["--normalize"]])
  func interruptedRenderingLeavesNothing(options: [String]) throws {
    let folder = try TemporaryFolder()
    var piece = TestSounds.piece
    piece.tracks[0].notes.append(TestSounds.note(60, 7_200_000, 7_200_480))
    _ = try folder.write(MIDIFile.bytes(of: piece), to: "song.mid")
    let run = try TestSounds.aurl(
      ["render", "song.mid", "-o", "a.wav", "--soundfont", soundFont] + options, in: folder,
      shell: """
        ( while kill -0 $$ && ! ls -l /proc/$$/fd | grep -q " $PWD/"; do :; done; kill -TERM $$ ) &
        exec "$@"
        """)
    #expect(run.status == -SIGTERM)
    #expect(folder.files == ["song.mid"])
  }

  // MARK: Soundfonts

  @Test func soundFontsAreFoundInOrder() throws {
    let folder = try TemporaryFolder()
    let data = folder.path("data/aurl/soundfonts")
    _ = try folder.write("RIFF".utf8, to: "data/aurl/soundfonts/a.sf2")
    for name in ["b.sf2", "default.sf2"] {
      try FileManager.default.copyItem(atPath: soundFont, toPath: "\(data)/\(name)")
    }
    func used(_ environment: [String: String], _ options: [String] = []) throws -> String? {
      let run = try TestSounds.aurl(["soundfonts", "--json"] + options, in: folder, environment: environment)
      let entries = try run.jsonObjects()
      #expect(entries.contains { ($0["path"] as? String) == "\(data)/a.sf2" && $0["problem"] != nil })
      return entries.first { $0["used"] as? Bool == true }?["path"] as? String
    }
    let home = ["XDG_DATA_HOME": folder.path("data")]
    #expect(try used(home) == "\(data)/default.sf2", "the user's default first")
    let both = home.merging(["AURL_SOUNDFONT": "\(data)/b.sf2"]) { $1 }
    #expect(try used(both) == "\(data)/b.sf2")
    #expect(try used(both, ["--soundfont", "default"]) == "\(data)/default.sf2", "by name")
    try FileManager.default.removeItem(atPath: "\(data)/default.sf2")
    #expect(try used(home) == "\(data)/b.sf2", "the broken one is skipped")
  }
}
