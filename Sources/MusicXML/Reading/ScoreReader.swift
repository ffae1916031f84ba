internal import MusicCore

/// Converts a MusicXML document to a score.
struct ScoreReader {
  private let root: XMLElement
  private let parts: [PartDescription]
  /// The measures of each part.
  private let measures: [[XMLElement]]

  /// A part of the part list.
  private struct PartDescription {
    var id: String
    var name: String
    var channel: UInt8?
    var program: Program?
    var percussion = Percussion()
    /// The drum kit, if its instruments are on channel 10.
    var kit: Program?

    init(_ element: XMLElement) {
      id = element[attribute: "id"] ?? ""
      name = element["part-name"]?.text ?? ""
      for instrument in element.all("midi-instrument") {
        let program = instrument["midi-program"]?.integer.flatMap { UInt8(exactly: $0 - 1) }.flatMap {
          Program(rawValue: $0)
        }
        let channel = instrument["midi-channel"]?.integer.flatMap { (1...16).contains($0) ? UInt8($0 - 1) : nil }
        if percussion.add(instrument) {
          if channel == Channel.drums.rawValue { kit = kit ?? program }
        } else {
          (self.channel, self.program) = (self.channel ?? channel, self.program ?? program)
        }
      }
    }
  }

  /// The maximum number of parts.
  private static let mostParts = 1000

  init(_ root: XMLElement) throws(MusicXMLError) {
    guard ["score-partwise", "score-timewise"].contains(root.name) else {
      throw .notMusicXML("its root element is \(root.name.prefix(40))")
    }
    self.root = root
    parts = (root["part-list"].map { Array($0.all("score-part")) } ?? []).map(PartDescription.init)
    guard parts.count <= Self.mostParts else { throw .tooLarge("more than \(Self.mostParts) parts") }
    if root.name == "score-partwise" {
      let bodies = Array(root.all("part"))
      measures = parts.map { part in
        bodies.first { $0[attribute: "id"] == part.id }.map { Array($0.all("measure")) } ?? []
      }
    } else {
      var measures: [String: [XMLElement]] = [:]
      for measure in root.all("measure") {
        for part in measure.all("part") { measures[part[attribute: "id"] ?? "", default: []].append(part) }
      }
      self.measures = parts.map { measures[$0.id] ?? [] }
    }
    guard measures.contains(where: { !$0.isEmpty }) else { throw .notMusicXML("it has no measures") }
  }

  /// The score as it is played.
  func score() throws(MusicXMLError) -> Score {
    var contents: [[MeasureContent]] = []
    for (part, measures) in zip(parts, measures) {
      var reader = MeasureReader(percussion: part.percussion)
      contents.append(measures.map { reader.content(of: $0) })
    }
    let count = contents.map(\.count).max() ?? 0
    // All parts begin a measure together, after the longest version of the previous one.
    let lengths = (0..<count).map { measure in
      contents.lazy.compactMap { measure < $0.count ? $0[measure].length : nil }.max() ?? 0
    }
    let longest = measures.max { $0.count < $1.count } ?? []
    let order = PlayOrder(longest).measures
    let total = order.reduce(0) { $0 + lengths[$1] }
    guard total < 1e6 else { throw .tooLarge("more than a million quarter notes") }
    let notes = order.reduce(0) { sum, measure in
      sum + contents.reduce(0) { $0 + (measure < $1.count ? $1[measure].notes.count : 0) }
    }
    guard notes < 5_000_000 else { throw .tooLarge("more than five million notes") }
    return assembled(contents, lengths: lengths, order: order)
  }

  // MARK: Assembling

  private static let ticksPerQuarter = 10_080

  private func assembled(_ contents: [[MeasureContent]], lengths: [Double], order: [Int]) -> Score {
    var timeline = ScoreTimeline(lengths: lengths, order: order, ticksPerQuarter: Self.ticksPerQuarter)
    var tracks: [Track] = []
    var used = 0
    for (index, content) in contents.enumerated() {
      timeline.addMarks(of: content)
      // Channel 10 is for drums.
      let number = UInt8([0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15][used % 15])
      let part = parts[index]
      let isDrums = content.hasOnlyDrums
      let channel = isDrums ? Channel.drums : part.channel.flatMap(Channel.init(rawValue:)) ?? Channel(status: number)
      used += 1
      let staves = Set(content.flatMap { $0.notes.map(\.staff) }).sorted()
      for staff in staves.isEmpty ? [1] : staves {
        let name = staves.count > 1 ? "\(part.name), staff \(staff)" : part.name
        var track = timeline.track(of: content, staff: staff, channel: channel)
        if let program = isDrums ? part.kit : part.program {
          track.controls.insert(ControlEvent(tick: .zero, channel: channel, message: .program(program)), at: 0)
        }
        track.texts.insert(TextEvent(tick: .zero, kind: .trackName, bytes: Array(name.utf8)), at: 0)
        tracks.append(track)
      }
    }
    return timeline.score(tracks: tracks, texts: titles)
  }

  /// The title and composer as text events that `Score.title` and `Score.composer` recognize.
  private var titles: [TextEvent] {
    let title = root["work"]?["work-title"]?.text ?? root["movement-title"]?.text ?? ""
    let creators = root["identification"].map { Array($0.all("creator")) } ?? []
    let composer = creators.first { $0[attribute: "type"] == "composer" }?.text
    let name = TextEvent(tick: .zero, kind: .trackName, bytes: Array(title.utf8))
    guard let composer, !composer.isEmpty else { return [name] }
    return [name, TextEvent(tick: .zero, kind: .text, bytes: Array("Composer: \(composer)".utf8))]
  }
}

extension [MeasureContent] {
  /// Whether there are notes, and all are percussion.
  fileprivate var hasOnlyDrums: Bool {
    contains { !$0.notes.isEmpty } && allSatisfy { $0.notes.allSatisfy(\.isDrum) }
  }
}
