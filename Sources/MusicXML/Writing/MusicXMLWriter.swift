internal import Archives
internal import MusicCore

extension MusicXML {
  /// The MusicXML document of a notated score, version 4.0.
  ///
  /// Velocities are written as MusicXML defines dynamics, as a percentage of 90, so that reading restores them.
  /// O(notes).
  public static func bytes(of score: NotatedScore) -> [UInt8] {
    var writer = MusicXMLWriter(score)
    writer.writeScore()
    return Array(writer.xml.text.utf8)
  }

  /// The document in a ZIP archive, as a `.mxl` file of about a twentieth of the size. The same score gives the same
  /// bytes.
  ///
  /// - Throws: `MusicXMLError.badArchive` if the score is too large for an archive, or memory is exhausted.
  public static func compressedBytes(of score: NotatedScore) throws(MusicXMLError) -> [UInt8] {
    let container = """
      <?xml version="1.0" encoding="UTF-8"?>
      <container>
        <rootfiles>
          <rootfile full-path="score.musicxml" media-type="application/vnd.recordare.musicxml+xml"/>
        </rootfiles>
      </container>

      """
    do throws(ArchiveError) {
      var archive = ZipWriter()
      // The media type comes first and uncompressed, so that programs recognize the file without decompressing it.
      try archive.add("mimetype", Array("application/vnd.recordare.musicxml".utf8), isCompressed: false)
      try archive.add("META-INF/container.xml", Array(container.utf8))
      try archive.add("score.musicxml", bytes(of: score))
      return archive.finish()
    } catch { throw MusicXMLError(error) }
  }
}

/// Writes a notated score.
struct MusicXMLWriter {
  private(set) var xml = XMLText()
  private let score: NotatedScore
  /// The number of the score's units per unit of the file: the greatest common divisor of all lengths.
  private let unit: Int

  init(_ score: NotatedScore) {
    self.score = score
    unit = Self.unit(of: score)
  }

  private static func unit(of score: NotatedScore) -> Int {
    var unit = NotatedScore.unitsPerQuarter
    func count(_ length: Int) {
      var (a, b) = (unit, length)
      while b != 0 { (a, b) = (b, a % b) }
      unit = a
    }
    for measure in score.parts.lazy.flatMap(\.measures) {
      count(measure.length)
      for tempo in measure.tempos { count(tempo.start) }
      for pedal in measure.pedals { count(pedal.start) }
      for element in measure.voices.lazy.flatMap(\.elements) { count(element.length) }
    }
    return max(1, unit)
  }

  mutating func writeScore() {
    xml.write(#"<?xml version="1.0" encoding="UTF-8" standalone="no"?>"#)
    xml.write(
      #"<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">"#
    )
    xml.open("score-partwise", [("version", "4.0")])
    if let title = score.title {
      xml.open("work")
      xml.leaf("work-title", title)
      xml.close("work")
    }
    xml.open("identification")
    if let composer = score.composer { xml.leaf("creator", composer, [("type", "composer")]) }
    xml.open("encoding")
    xml.leaf("software", "Aurl")
    xml.close("encoding")
    xml.close("identification")
    writePartList()
    for (index, part) in score.parts.enumerated() { write(part, id: "P\(index + 1)") }
    xml.close("score-partwise")
  }

  private mutating func writePartList() {
    xml.open("part-list")
    for (index, part) in score.parts.enumerated() {
      let id = "P\(index + 1)"
      xml.open("score-part", [("id", id)])
      xml.leaf("part-name", part.name)
      xml.open("score-instrument", [("id", "\(id)-I1")])
      xml.leaf("instrument-name", part.name)
      xml.close("score-instrument")
      xml.open("midi-instrument", [("id", "\(id)-I1")])
      xml.leaf("midi-channel", "\(part.channel.number)")
      xml.leaf("midi-program", "\(part.program.rawValue + 1)")
      xml.close("midi-instrument")
      xml.close("score-part")
    }
    xml.close("part-list")
  }

  // MARK: Measures

  private mutating func write(_ part: NotatedPart, id: String) {
    xml.open("part", [("id", id)])
    for (index, measure) in part.measures.enumerated() {
      let implicit = measure.isIncomplete ? [("implicit", "yes")] : []
      xml.open("measure", [("number", "\(measure.number)")] + implicit)
      writeAttributes(of: measure, in: part, isFirst: index == 0)
      for tempo in measure.tempos { write(tempo) }
      for pedal in measure.pedals { write(pedal, staff: part.clefs.count) }
      for (index, voice) in measure.voices.enumerated() {
        if index > 0 { writeDuration("backup", measure.length) }
        for element in voice.elements { write(element, of: voice, in: part, measure) }
      }
      if index == part.measures.count - 1 {
        xml.open("barline", [("location", "right")])
        xml.leaf("bar-style", "light-heavy")
        xml.close("barline")
      }
      xml.close("measure")
    }
    xml.close("part")
  }

  private mutating func writeAttributes(of measure: NotatedMeasure, in part: NotatedPart, isFirst: Bool) {
    guard isFirst || measure.key != nil || measure.meter != nil else { return }
    xml.open("attributes")
    if isFirst { xml.leaf("divisions", "\(NotatedScore.unitsPerQuarter / unit)") }
    if let key = measure.key {
      xml.open("key")
      xml.leaf("fifths", "\(key.sharps)")
      xml.leaf("mode", key.isMinor ? "minor" : "major")
      xml.close("key")
    }
    if let meter = measure.meter {
      xml.open("time")
      xml.leaf("beats", "\(meter.numerator)")
      xml.leaf("beat-type", "\(meter.denominator)")
      xml.close("time")
    }
    if isFirst {
      if part.clefs.count > 1 { xml.leaf("staves", "\(part.clefs.count)") }
      for (index, clef) in part.clefs.enumerated() {
        xml.open("clef", part.clefs.count > 1 ? [("number", "\(index + 1)")] : [])
        xml.leaf("sign", clef == .treble ? "G" : "F")
        xml.leaf("line", clef == .treble ? "2" : "4")
        xml.close("clef")
      }
    }
    xml.close("attributes")
  }

  private mutating func write(_ tempo: NotatedMeasure.Tempo) {
    let rate = Self.text(ofTempo: tempo.beatsPerMinute)
    guard tempo.isPrinted else {
      guard tempo.start > 0 else { return xml.empty("sound", [("tempo", rate)]) }
      xml.open("sound", [("tempo", rate)])
      xml.leaf("offset", "\(tempo.start / unit)")
      return xml.close("sound")
    }
    xml.open("direction", [("placement", "above")])
    xml.open("direction-type")
    xml.open("metronome", [("parentheses", "no")])
    xml.leaf("beat-unit", "quarter")
    xml.leaf("per-minute", XMLText.number(tempo.beatsPerMinute, decimals: 0))
    xml.close("metronome")
    xml.close("direction-type")
    if tempo.start > 0 { xml.leaf("offset", "\(tempo.start / unit)", [("sound", "yes")]) }
    xml.empty("sound", [("tempo", rate)])
    xml.close("direction")
  }

  /// A tempo with the fewest decimals that give the same number of microseconds per quarter note.
  private static func text(ofTempo rate: Double) -> String {
    func microseconds(_ rate: Double) -> Double { (60_000_000 / rate).rounded() }
    let texts = (0...6).map { XMLText.number(rate, decimals: $0) }
    return texts.first { Double($0).map(microseconds) == microseconds(rate) } ?? texts[6]
  }

  private mutating func write(_ pedal: NotatedMeasure.Pedal, staff: Int) {
    xml.open("direction", [("placement", "below")])
    xml.open("direction-type")
    xml.empty("pedal", [("type", pedal.isDown ? "start" : "stop"), ("sign", "yes"), ("line", "no")])
    xml.close("direction-type")
    if pedal.start > 0 { xml.leaf("offset", "\(pedal.start / unit)") }
    if staff > 1 { xml.leaf("staff", "\(staff)") }
    xml.close("direction")
  }

  private mutating func writeDuration(_ name: String, _ length: Int) {
    xml.open(name)
    xml.leaf("duration", "\(length / unit)")
    xml.close(name)
  }

  // MARK: Notes

  private static let types = [
    1: "whole", 2: "half", 4: "quarter", 8: "eighth", 16: "16th", 32: "32nd", 64: "64th", 128: "128th", 256: "256th",
  ]

  private mutating func write(
    _ element: NotatedElement, of voice: NotatedVoice, in part: NotatedPart, _ measure: NotatedMeasure
  ) {
    if element.heads.isEmpty {
      // Rests of additional voices are hidden; they only fill time.
      let isHidden = voice.number % 4 != 1
      xml.open("note", isHidden ? [("print-object", "no")] : [])
      let isWhole = element.start == 0 && element.length == measure.length && !measure.isIncomplete
      xml.empty("rest", isWhole ? [("measure", "yes")] : [])
      writeRest(of: element, voice, part, hasType: !isWhole)
      writeNotations(of: element, nil)
      xml.close("note")
    }
    for (index, head) in element.heads.enumerated() {
      xml.open("note", [("dynamics", XMLText.number(Double(head.velocity.rawValue) / 0.9, decimals: 2))])
      if index > 0 { xml.empty("chord") }
      xml.open("pitch")
      xml.leaf("step", String(head.pitch.step))
      if head.pitch.alteration != 0 { xml.leaf("alter", "\(head.pitch.alteration)") }
      xml.leaf("octave", "\(head.pitch.octave)")
      xml.close("pitch")
      writeRest(of: element, voice, part, hasType: true, head)
      writeNotations(of: element, head, isFirst: index == 0)
      xml.close("note")
    }
  }

  /// Writes the elements after the pitch: duration, ties, voice, type, dots, tuplet and staff, in this order.
  private mutating func writeRest(
    of element: NotatedElement, _ voice: NotatedVoice, _ part: NotatedPart, hasType: Bool, _ head: NoteHead? = nil
  ) {
    xml.leaf("duration", "\(element.length / unit)")
    if head?.isTieEnd == true { xml.empty("tie", [("type", "stop")]) }
    if head?.isTieStart == true { xml.empty("tie", [("type", "start")]) }
    xml.leaf("voice", "\(voice.number)")
    if hasType, let type = Self.types[element.value.denominator] {
      xml.leaf("type", type)
      for _ in 0..<element.value.dots { xml.empty("dot") }
    }
    if hasType, let tuplet = element.value.tuplet {
      xml.open("time-modification")
      xml.leaf("actual-notes", "\(tuplet.actual)")
      xml.leaf("normal-notes", "\(tuplet.normal)")
      xml.close("time-modification")
    }
    if part.clefs.count > 1 { xml.leaf("staff", "\(voice.staff)") }
  }

  private mutating func writeNotations(of element: NotatedElement, _ head: NoteHead?, isFirst: Bool = true) {
    let hasTuplet = isFirst && (element.beginsTuplet || element.endsTuplet)
    let isStaccato = isFirst && head != nil && element.isStaccato
    guard hasTuplet || isStaccato || head?.isTieEnd == true || head?.isTieStart == true else { return }
    xml.open("notations")
    if head?.isTieEnd == true { xml.empty("tied", [("type", "stop")]) }
    if head?.isTieStart == true { xml.empty("tied", [("type", "start")]) }
    if isFirst, element.beginsTuplet { xml.empty("tuplet", [("type", "start"), ("number", "1"), ("bracket", "yes")]) }
    if isFirst, element.endsTuplet { xml.empty("tuplet", [("type", "stop"), ("number", "1")]) }
    if isStaccato {
      xml.open("articulations")
      xml.empty("staccato")
      xml.close("articulations")
    }
    xml.close("notations")
  }
}
