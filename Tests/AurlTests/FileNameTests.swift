import Foundation
import MIDIFiles
import TestSupport
import Testing

/// Files whose names are not valid UTF-8, as in archives from Windows and old Macs. A shell makes the names, because
/// Foundation cannot pass such arguments.
@Suite struct FileNameTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    _ = try folder.write(MIDIFile.bytes(of: TestSounds.piece), to: "song.mid")
    _ = try folder.write(MIDIFile.bytes(of: RandomWalk(1, notes: 0..<40).score), to: "walk.mid")
    try SyntheticModel().write(to: folder.path("tiny.safetensors"))
  }

  /// Runs a script in the folder, which stops at the first command that fails. The script removes what it makes,
  /// because Foundation cannot.
  ///
  /// - Parameter name: the bytes of `$n`, as `printf` takes them.
  private func run(_ script: String, name: String = "") throws -> CommandLineProgram.Result {
    let programs = CommandLineProgram.executable("aurl").deletingLastPathComponent().path
    let start =
      "set -e; PATH=\(programs):$PATH; n=$(printf '\(name)'); mkdir work; cd work; trap 'rm -rf \"$PWD\"' EXIT"
    return try CommandLineProgram.run(
      "/bin/bash", ["-c", "\(start)\n\(script)"],
      environment: [
        "AURL_SOUNDFONT": TestSounds.soundFont, "AURL_MODEL": folder.path("tiny.safetensors"), "LC_ALL": "C",
      ], folder: folder.url)
  }

  /// Latin-1; Shift-JIS with a backslash as its second byte; the UTF-8 of a character that represents a raw byte.
  static let names = [
    (#"caf\351"#, #"caf\xE9"#), (#"\203\134\203\100"#, #"\x83\\x83@"#), (#"\364\217\277\251"#, #"\xF4\x8F\xBF\xA9"#),
  ]

  @Test(arguments: names) func oneFileInEveryCommand(name: String, printed: String) throws {
    let run = try run(
      """
      cp ../song.mid "$n.mid"
      aurl encode ../song.mid -o song.tokens
      aurl encode "$n.mid" -o "$n.tokens"
      cmp song.tokens "$n.tokens"
      aurl encode "$n.mid" --format json | aurl decode - -o "$n.json.mid"
      aurl decode "$n.tokens" -o "$n.out.mid"
      cmp "$n.json.mid" "$n.out.mid"
      aurl inspect "$n.out.mid" | head -1
      aurl inspect "$n.out.mid" --json > inspection
      aurl analyze "$n.mid" --html "$n.html" --features rhythm
      grep -q '<html' "$n.html"
      aurl analyze "$n.mid" --csv --features rhythm | tail -1 | cut -d , -f 1
      aurl render "$n.mid" -o "$n.wav" --normalize
      aurl render ../song.mid -o song.wav --normalize
      cmp song.wav "$n.wav"
      cp "$AURL_SOUNDFONT" "$n.sf2"
      AURL_SOUNDFONT="$n.sf2" aurl render ../song.mid -o again.wav --normalize
      cmp song.wav again.wav
      cp "$AURL_MODEL" "$n.safetensors"
      aurl generate --model "$n.safetensors" --prompt "$n.mid" --seconds 5 --seed 3 -o "$n.take.mid" --render "$n.flac"
      aurl generate --prompt ../song.mid --seconds 5 --seed 3 -o take.mid
      aurl encode take.mid -o take.tokens
      aurl encode "$n.take.mid" | cmp - take.tokens
      test -s "$n.flac"
      test "$(ls | wc -l)" = 16
      ! aurl encode "$n.none.mid"
      """, name: name)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.text == "\(printed).out.mid\n\(printed).mid\n", "the terminal gets no byte that is not UTF-8")
    #expect(run.errors.contains("Error: \(printed).none.mid: cannot be opened: no such file or directory"))
    #expect(run.errors.contains("\(printed).take.mid: "))
    #expect(!run.errors.contains("\u{FFFD}"))
  }

  @Test(arguments: names) func foldersAndBatches(name: String, printed: String) throws {
    let run = try run(
      """
      mkdir "$n"; cp ../song.mid "$n/$n.mid"; cp ../walk.mid "$n/plain.mid"; echo rubbish > "$n/x$n.kar"
      aurl encode "$n" -o "$n.out"
      aurl encode ../song.mid | cmp - "$n.out/$n.tokens"
      aurl render "$n/$n.mid" "$n/plain.mid" -o "$n.out" 2> log
      test -s "$n.out/$n.wav"
      aurl analyze "$n" --html pages --features rhythm 2>> log
      test -s "pages/$n.html"
      printf 'path\\tsplit\\n%s\\tvalid\\n%s\\ttrain\\n' "$n.mid" plain.mid > manifest
      aurl corpus build "$n" -o "$n.data" --min-notes 1 --manifest manifest -q
      aurl corpus info "$n.data"
      mkdir "$n.takes"
      aurl generate -o "$n.takes" --count 2 --seconds 2 -q
      ls "$n.takes"
      """, name: name)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("2 of 3 files encoded, 1 skipped"))
    #expect(run.errors.contains("\(printed)/x\(printed).kar: skipped: "))
    #expect(
      run.text.hasPrefix("\(printed).data\n") && run.text.contains("  valid            1         1 "), "\(run.text)")
    #expect(run.text.contains("take-1.mid\ntake-2.mid"))
  }

  /// In JSON a byte that is not valid UTF-8 is written as U+10FF00 plus the byte, so that no name is lost.
  @Test func namesInJSON() throws {
    let run = try run(
      #"mkdir in; cp ../song.mid "in/$n.mid"; aurl encode in -o out --json -q; test -f "out/$n.tokens""#,
      name: #"caf\351"#)
    #expect(run.status == 0, "\(run.errors)")
    let line = try #require(try run.jsonObjects().first)
    #expect(line["file"] as? String == "in/caf\u{10FFE9}.mid")
    #expect(line["outputs"] as? [String] == ["out/caf\u{10FFE9}.tokens"])
  }

  /// The command in the text event of a take reproduces the take with the exact bytes of the names. Texts are split
  /// into events of at most 128 bytes, which are joined here.
  @Test func theCommandOfATakeKeepsNames() throws {
    let run = try run(
      #"""
      cp ../walk.mid "$n'.mid"
      aurl generate -q --prompt "$n'.mid" --seconds 3 --seed 3 -o take.mid
      command=$(sed 's/\x00\xff\x01.//g' take.mid | strings -n 20 | grep -o 'aurl generate.*')
      eval "$command -q -o again.mid"
      cmp take.mid again.mid
      """#, name: #"caf\351"#)
    #expect(run.status == 0, "\(run.errors)")
  }

  /// An unreadable folder is reported like an unreadable file. Its path is too long, because permissions do not
  /// restrict root.
  @Test func foldersThatCannotBeRead() throws {
    let run = try run(
      """
      mkdir in; cp ../walk.mid in; ln -s nowhere in/broken.mid; mkdir in/deep
      name=$(printf 'd%.0s' {1..250})
      (cd in/deep; for i in {1..17}; do mkdir $name; cd $name; done)
      set +e
      aurl encode in -o out --json; echo "status $?"
      aurl analyze in --features rhythm --csv | wc -l
      aurl corpus build in -o data --json
      """)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("in/broken.mid: skipped: cannot be opened: no such file or directory"))
    #expect(run.errors.contains(": skipped: cannot be opened: file name too long"))
    #expect(run.text.contains(#""summary":{"encoded":1,"files":3,"lost":0"#) && run.text.contains("status 0"))
    #expect(run.text.contains("\n4\n"), "a row for each of three and the header: \(run.text)")
    #expect(run.text.contains(#""skipped":{"unreadable":2}"#))
  }
}
