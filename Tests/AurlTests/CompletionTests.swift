import Foundation
import TestSupport
import Testing

/// Shell completions, in a folder with music, tokens, a model and a text file.
@Suite struct CompletionTests {
  enum Shell: String, CaseIterable {
    case bash, zsh, fish

    var isThere: Bool { CompletionTests.path(of: rawValue) != nil }
  }

  private static func path(of program: String) -> String? {
    ["/bin/", "/usr/bin/"].map { $0 + program }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// The programs that were built: `aurl-train` only if libtorch is installed.
  private static let programs = ["aurl", "aurl-train"].filter { name in
    FileManager.default.isExecutableFile(atPath: CommandLineProgram.buildFolder.appendingPathComponent(name).path)
  }

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in [
      "music/josephine.mid", "music/josephine.doc", "music/model.safetensors", "music/tokens.npy", "music/sounds.sf2",
    ] {
      _ = try folder.write([0], to: name)
    }
    _ = try folder.write("[jazz]\nmode = trade\n".utf8, to: ".config/aurl/live.conf")
  }

  /// A partial command line, and its words after completion.
  @Test(
    arguments: Shell.allCases.filter(\.isThere),
    [
      ("aurl enc", "encode"), ("aurl encode music/jo", "encode music/josephine.mid"),
      ("aurl encode mus", "encode music"), ("aurl decode music/to", "decode music/tokens.npy"),
      ("aurl render music/jo", "render music/josephine.mid"), ("aurl notate music/jo", "notate music/josephine.mid"),
    ])
  func pathsAreCompleted(shell: Shell, line: (begun: String, completed: String)) throws {
    try expect(line.begun, in: shell, becomes: line.completed)
  }

  /// The arguments of `aurl train` are those of `aurl-train`, and those without a subcommand are those of `train`.
  @Test(
    .enabled(if: programs.contains("aurl-train"), "needs libtorch"), arguments: Shell.allCases.filter(\.isThere),
    [
      ("aurl train crit", "train critic"), ("aurl train mus", "train music"), ("aurl train --conf", "train --config"),
      ("aurl train mus -o mus", "train mus -o music"),
      ("aurl train export music/mo", "train export music/model.safetensors"),
      ("aurl-train crit", "critic"), ("aurl-train mus", "music"), ("aurl-train --conf", "--config"),
      ("aurl-train evaluate --dev", "evaluate --device"), ("aurl-train mus --device cp", "mus --device cpu"),
    ])
  func argumentsOfTrainingAreCompleted(shell: Shell, line: (begun: String, completed: String)) throws {
    try expect(line.begun, in: shell, becomes: line.completed)
  }

  /// Paths and names for which the scripts run the program. fish does so only in a terminal; see `valuesAreCompleted`.
  @Test(
    arguments: [Shell.bash, .zsh].filter(\.isThere),
    [
      ("aurl render --soundfont music/so", "render --soundfont music/sounds.sf2"),
      ("aurl render --soundfont aur", "render --soundfont aurl.sf2"),
      ("aurl generate --model music/mo", "generate --model music/model.safetensors"),
      ("aurl generate --model aurl-s", "generate --model aurl-small.safetensors"),
      ("aurl generate --critic mus", "generate --critic music"), ("aurl live --preset ja", "live --preset jazz"),
    ])
  func namesAreCompleted(shell: Shell, line: (begun: String, completed: String)) throws {
    try expect(line.begun, in: shell, becomes: line.completed)
  }

  private func expect(_ line: String, in shell: Shell, becomes completed: String) throws {
    for program in Self.programs {
      let script = try CommandLineProgram.run(program, ["--generate-completion-script", shell.rawValue])
      let place: [Shell: String] = [
        .bash: program, .zsh: "functions/_\(program)", .fish: ".config/fish/completions/\(program).fish",
      ]
      _ = try folder.write(script.output, to: try #require(place[shell]))
    }
    _ = try folder.write(Self.driver(shell).utf8, to: "driver")
    _ = try folder.write(Self.shown.utf8, to: "shown")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    let options = ["bash": ["--norc"], "zsh": ["-f"]][shell.rawValue] ?? []
    process.arguments = ["60", try #require(Self.path(of: shell.rawValue))] + options + ["driver", line]
    process.currentDirectoryURL = folder.url
    process.environment = [
      "PATH": "\(CommandLineProgram.buildFolder.path):/usr/bin:/bin", "HOME": folder.url.path, "TERM": "dumb",
      "LC_ALL": "C.UTF-8",
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let words = output.trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(words == completed || words == completed + "/", "\(words)")
  }

  /// The values that the scripts get from the program: keys, whose spaces are escaped for bash, and ports, of which
  /// there may be none.
  @Test func valuesAreCompleted() throws {
    func values(_ command: String, _ option: String, shell: String) throws -> [Substring] {
      let result = try CommandLineProgram.run(
        "aurl", ["---completion", command, "--", option, "3", "0", "aurl", command, option, ""],
        environment: ["SAP_SHELL": shell, "SAP_SHELL_VERSION": "5.2"])
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
      return result.text.split(separator: "\n")
    }
    #expect(try values("generate", "--key", shell: "fish").contains("Bb minor"))
    #expect(try values("generate", "--key", shell: "bash").contains("Bb\\ minor"))
    #expect(try values("live", "--key", shell: "zsh").prefix(2) == ["auto", "off"])
    #expect(try values("play", "--to", shell: "fish").allSatisfy { $0.contains(":") })
    #expect(try values("render", "--soundfont", shell: "fish").contains("aurl.sf2"))
  }

  /// A zsh function in place of the programs: it passes requests for completions on, and prints any other command line.
  private static let shown = #"""
    aurl() { if [[ $1 == ---completion ]]; then command $0 "$@"; else print -r -- "<$*>"; fi }
    functions[aurl-train]=$functions[aurl]
    """#

  /// A script that completes the line it is given and prints its words but the first.
  private static func driver(_ shell: Shell) -> String {
    switch shell {
    case .bash:
      #"""
      COMP_LINE=$1
      read -ra COMP_WORDS <<< "$1"
      source "./$COMP_WORDS"
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_POINT=${#1} COMPREPLY=()
      complete=$(complete -p "$COMP_WORDS" | sed -E 's/.*-F ([^ ]+).*/\1/')
      $complete "$COMP_WORDS" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      COMP_WORDS[COMP_CWORD]="${COMPREPLY[*]}"
      echo "${COMP_WORDS[@]:1}"
      """#
    case .zsh:
      // An interactive shell in a pseudo-terminal, to which the line and a tab are sent.
      #"""
      zmodload zsh/zpty
      zpty z zsh -f -i
      zpty -w z "PS1= PS2=; fpath=(\$PWD/functions \$fpath); autoload -Uz compinit && compinit -D -u; source ./shown; print ready"
      zpty -r z seen '*ready*ready*'
      zpty -w -n z "$1"$'\t\n'
      zpty -r z seen '*<*>*'
      zpty -d z
      print -r -- ${${seen##*<}%%>*}
      """#
    case .fish:
      #"""
      set words (string split ' ' $argv[1])
      set found (complete -C $argv[1] | string split -f 1 \t)
      echo $words[2..-2] $found
      """#
    }
  }
}
