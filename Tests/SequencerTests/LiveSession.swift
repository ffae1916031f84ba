import Glibc
import MIDIFiles
import MIDIPorts
import MusicCore
import Playing
import TestSupport
import Testing

/// The shipped model, if the tests run in the checkout.
private let shippedModel = "models/aurl-small.safetensors"

/// Whether the speed of the shipped model can be tested.
let canTimeShippedModel = hasSteadyClock && access(shippedModel, R_OK) == 0

/// A session of `aurl live` with a keyboard as its input and an instrument as its output.
final class LiveSession {
  private(set) var keyboard: Peer
  private(set) var instrument: Peer?
  let program: Subprocess
  let take = temporaryPath("mid")
  let report = temporaryPath("json")
  let model = temporaryPath("safetensors")
  let options: [String]
  /// The program's number in the sequencer.
  private var client: UInt8?

  /// - Parameters:
  ///   - named: Whether the program connects to the ports by name; else the peers connect to the program.
  ///   - shipped: Whether it plays with the shipped model; else with a synthetic one.
  ///   - synthetic: The synthetic model; by default one with random weights.
  ///   - terminal: The terminal that it runs on; nil for none.
  init(
    _ options: [String] = [], named: Bool = false, shipped: Bool = false,
    synthetic: SyntheticModel = SyntheticModel(), terminal: Terminal? = nil
  ) async throws {
    if !shipped { try synthetic.write(to: model) }
    (keyboard, instrument) = (try await Peer("Keyboard"), try await Peer("Instrument"))
    self.options = ["--seed", "3", "--model", shipped ? shippedModel : model] + options
    let ports = named ? ["--from", "keyb", "--to", "instr"] : []
    // Tests run without colors.
    let environment = terminal == nil ? [] : ["env", "-u", "NO_COLOR"]
    program = try Subprocess(
      environment + [aurl, "live", "--record", take, "--report", report] + self.options + ports, terminal: terminal)
    client = try await address(of: "output")?.client
    if !named {
      try await connect(keyboard, "input", .output)
      if let instrument { try await connect(instrument, "output", .input) }
    }
    // The ports exist before the session begins.
    #expect(try await eventually { self.program.handlesSignals }, "the session does not begin: \(program.errors)")
  }

  deinit { for path in [take, report, model, TakeFile.partialPath(of: take)] { unlink(path) } }

  /// Waits for a port of the program.
  private func address(of port: String) async throws -> PortAddress? {
    let observer = keyboard.client
    var address: PortAddress?
    #expect(
      try await eventually {
        address = try await observer.ports().first { $0.clientName == "aurl" && $0.name == port }?.address
        return address != nil
      }, "no port \(port): \(program.errors)")
    return address
  }

  /// Connects a peer with a port of the program.
  func connect(_ peer: Peer, _ port: String, _ direction: PortDirection) async throws {
    if let address = try await address(of: port) { try await peer.client.connect(peer.port, direction, address) }
  }

  func removeInstrument() { instrument = nil }
  func replaceKeyboard() async throws { keyboard = try await Peer("Keyboard") }
  func bringInstrument() async throws { instrument = try await Peer("Instrument") }

  /// Plays a call, a note every `gap` seconds.
  func call(notes: Int = 8, gap: Double = 0.15) async throws {
    let pitches = (0..<notes).map { 60 + [0, 4, 7, 5, 9, 2, 11, 12][$0 % 8] }
    try await keyboard.send(pitches.flatMap { [.noteOn($0), .noteOff($0)] }, gap: gap / 2)
  }

  /// The model's messages so far.
  var answer: [Performance.Event] { get async { await instrument?.messages ?? [] } }

  /// The onsets of the model's notes so far, on the instrument's clock.
  var onsets: [Double] {
    get async { await answer.compactMap { $0.message.onset != nil ? $0.time.rawValue : nil } }
  }

  func waitForAnswer(notes: Int = 1, after count: Int = 0) async throws -> Bool {
    try await eventually { await self.answer.dropFirst(count).filter { $0.message.onset != nil }.count >= notes }
  }

  /// Ends the session and returns its exit status.
  func end(_ signal: Int32 = SIGINT) async throws -> Int32? {
    program.send(signal)
    return try await exitStatus()
  }

  /// The exit status of the session, after waiting for its end and until the instrument has received everything.
  func exitStatus() async throws -> Int32? {
    let status = try await program.exitStatus()
    if let instrument, let client, status != nil {
      #expect(try await eventually { await instrument.hasSeenEnd(of: client) }, "the end of aurl is not announced")
    }
    return status
  }

  /// The notes still sounding at the instrument.
  var hanging: SoundingNotes {
    get async { await answer.reduce(into: SoundingNotes()) { $0.apply($1.message) } }
  }

  /// The first number of this name in the report.
  func reported(_ key: String) -> Double? {
    let text = contents(of: report)
    guard let start = text.firstRange(of: "\"\(key)\":")?.upperBound else { return nil }
    return Double(text[start...].prefix { "-.0123456789".contains($0) })
  }

  /// A quantile of the scheduled errors in the report, in milliseconds.
  func scheduledError(_ quantile: String) -> Double? {
    let text = contents(of: report)
    guard let start = text.firstRange(of: "\"scheduledErrorMs\":{")?.upperBound,
      let value = text[start...].firstRange(of: "\"\(quantile)\":")?.upperBound
    else { return nil }
    return Double(text[value...].prefix { "-.0123456789".contains($0) })
  }

  /// The durations of generation before the answers, in milliseconds.
  var decisions: [Double] {
    contents(of: report).matches(of: /"decisionMs":([0-9.]+)/).compactMap { Double($0.1) }
  }

  /// Expects that an offline session on the recording reproduces the answers.
  func expectSameAgain() async throws {
    let again = temporaryPath("mid")
    defer { unlink(again) }
    let replay = try Subprocess(
      [aurl, "live", "--offline", "--player", take, "--record", again] + options)
    #expect(try await replay.exitStatus(within: 120) == 0, "\(replay.errors)")
    #expect(try bytes(of: again) == bytes(of: take))
  }
}

extension SyntheticModel {
  /// A model that hardly ever pauses for more than two seconds, so that it plays many notes: the embeddings of all tokens
  /// but longer time shifts have a component in common, and therefore so do the hidden states.
  static let lively: SyntheticModel = {
    var model = SyntheticModel()
    let width = model.tensors["decoder.norm.weight"]?.count ?? 1
    let embedding = model.tensors["embedding.weight"] ?? []
    for row in 0..<embedding.count / width {
      model.tensors["embedding.weight"]?[row * width] = (384..<768).contains(row) ? -1 : 1
    }
    return model
  }()
}
