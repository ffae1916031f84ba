internal import MusicCore

/// The content of a measure of a part, with positions in quarter notes from its start.
struct MeasureContent {
  struct Note {
    var onset: Double
    var length: Double
    var pitch: Pitch
    var velocity: UInt8
    var staff: Int
    var isTieStart = false
    var isTieEnd = false
    var isDrum = false
  }

  /// A syllable of the lyrics.
  struct Lyric {
    var place: Double
    var text: String
    /// From 1.
    var verse: Int
    var staff: Int
  }

  var notes: [Note] = []
  /// The length of the longest voice.
  var length = 0.0
  var tempos: [(place: Double, beatsPerMinute: Double)] = []
  var pedals: [(place: Double, isDown: Bool, staff: Int)] = []
  var lyrics: [Lyric] = []
  var markers: [(place: Double, text: String)] = []
  var meter: Meter?
  var fifths: (sharps: Int, isMinor: Bool)?
}

/// Reads the measures of a part in the order of the file.
struct MeasureReader {
  /// The maximum length of a measure in quarter notes.
  private static let longest = 10_000.0
  /// The maximum number of staves of a part.
  private static let mostStaves = 32

  /// State that carries over from one measure to the next.
  private var divisions = 1.0
  private var transposition = 0
  private var velocity: Double = 80
  private var slurs = OpenSlurs()
  private let percussion: Percussion

  init(percussion: Percussion) { self.percussion = percussion }

  /// The current positions while a measure is read.
  private struct Cursor {
    var place = 0.0
    /// The fraction of its length for which the last chord sounds, as given by its first note.
    var soundingPart = 1.0
    /// The start of the last note, for further notes of its chord.
    var last = 0.0
    /// Grace notes before the next note, with the number of their chord.
    var graceNotes: [(note: MeasureContent.Note, chord: Int)] = []
    var graceChords = 0
  }

  mutating func content(of measure: XMLElement) -> MeasureContent {
    var content = MeasureContent()
    var cursor = Cursor()
    for element in measure.children {
      switch element.name {
      case "attributes": readAttributes(element, &content)
      case "note": readNote(element, &cursor, &content)
      case "backup": cursor.place = max(0, cursor.place - duration(of: element))
      case "forward": cursor.place = min(Self.longest, cursor.place + duration(of: element))
      case "direction": readDirection(element, at: cursor.place, &content)
      case "sound": readSound(element, at: cursor.place, &content)
      default: break
      }
      content.length = max(content.length, cursor.place)
    }
    return content
  }

  // MARK: Attributes and directions

  private mutating func readAttributes(_ element: XMLElement, _ content: inout MeasureContent) {
    if let value = element["divisions"]?.number, value > 0, value < 1e6 { divisions = value }
    if let key = element["key"], let fifths = key["fifths"]?.integer, (-7...7).contains(fifths) {
      content.fifths = (fifths, key["mode"]?.text == "minor")
    }
    if let time = element["time"], let beats = time["beats"]?.text, let type = time["beat-type"]?.integer {
      // Such as 3+2.
      let sum = beats.split(separator: "+").compactMap { Int($0) }.reduce(0) { min(1000, $0 + max(0, min(255, $1))) }
      if (1...255).contains(sum), [1, 2, 4, 8, 16, 32, 64].contains(type) {
        content.meter = Meter(numerator: sum, denominator: type)
      }
    }
    if let transpose = element["transpose"] {
      let chromatic = transpose["chromatic"]?.integer ?? 0
      transposition = max(-60, min(60, chromatic)) + 12 * max(-5, min(5, transpose["octave-change"]?.integer ?? 0))
    }
  }

  private mutating func readDirection(_ element: XMLElement, at place: Double, _ content: inout MeasureContent) {
    let staff = Self.staff(of: element)
    let place = max(0, place + (element["offset"]?.number ?? 0) / divisions)
    var metronome: Double?
    for type in element.all("direction-type") {
      for sign in type.children {
        switch sign.name {
        case "dynamics":
          if let level = sign.children.lazy.compactMap({ Self.velocities[$0.name] }).first { velocity = level }
        case "metronome": metronome = Self.tempo(of: sign)
        case "rehearsal": content.markers.append((place, sign.text))
        case "pedal":
          switch sign[attribute: "type"] {
          case "start": content.pedals.append((place, true, staff))
          case "stop": content.pedals.append((place, false, staff))
          case "change": content.pedals += [(place, false, staff), (place, true, staff)]
          default: break
          }
        default: break
        }
      }
    }
    let count = content.tempos.count
    if let sound = element["sound"] { readSound(sound, at: place, &content) }
    if content.tempos.count == count, let metronome { content.tempos.append((place, metronome)) }
  }

  private mutating func readSound(_ sound: XMLElement, at place: Double, _ content: inout MeasureContent) {
    let place = max(0, place + (sound["offset"]?.number ?? 0) / divisions)
    if let tempo = sound[attribute: "tempo"].flatMap(Double.init), (4...10_000).contains(tempo) {
      content.tempos.append((place, tempo))
    }
    if let value = sound[attribute: "dynamics"].flatMap(Double.init), (0...142).contains(value) {
      velocity = value * 0.9
    }
  }

  /// The tempo of a metronome mark such as ♩. = 60, in quarter notes per minute.
  private static func tempo(of metronome: XMLElement) -> Double? {
    let lengths = ["whole": 4.0, "half": 2, "quarter": 1, "eighth": 0.5, "16th": 0.25]
    guard let unit = metronome["beat-unit"].flatMap({ lengths[$0.text] }),
      let rate = metronome["per-minute"]?.number
    else { return nil }
    let tempo = rate * unit * (metronome["beat-unit-dot"] == nil ? 1 : 1.5)
    return (4...10_000).contains(tempo) ? tempo : nil
  }

  private static let velocities = [
    "pppp": 10.0, "ppp": 18, "pp": 33, "p": 49, "mp": 64, "mf": 80, "f": 96, "ff": 112, "fff": 124, "ffff": 127,
    "sf": 112, "sfz": 112, "fz": 112, "fp": 96,
  ]

  // MARK: Notes

  private func duration(of element: XMLElement) -> Double {
    guard let value = element["duration"]?.number, value > 0 else { return 0 }
    return min(Self.longest, value / divisions)
  }

  /// The length of a grace note in quarter notes.
  private static let graceLength = 0.125

  private mutating func readNote(_ element: XMLElement, _ cursor: inout Cursor, _ content: inout MeasureContent) {
    let isChord = element["chord"] != nil
    let length = duration(of: element)
    let onset = isChord ? cursor.last : cursor.place
    let isGrace = element["grace"] != nil
    if !isChord, !isGrace { (cursor.last, cursor.place) = (onset, min(Self.longest, onset + length)) }
    let isSlurred = slurs.read(element)
    guard element["cue"] == nil, let (pitch, isDrum) = pitch(of: element) else { return }
    let loudness = element[attribute: "dynamics"].flatMap(Double.init).map { $0 * 0.9 } ?? velocity
    let ties = element.all("tie").compactMap { $0[attribute: "type"] }
    let note = MeasureContent.Note(
      onset: onset, length: length, pitch: pitch, velocity: UInt8(max(1, min(127, loudness.rounded()))),
      staff: Self.staff(of: element), isTieStart: ties.contains("start"), isTieEnd: ties.contains("stop"),
      isDrum: isDrum)
    if isGrace {
      if !isChord { cursor.graceChords += 1 }
      cursor.graceNotes.append((note, cursor.graceChords))
      return
    }
    // Grace notes of a chord are simultaneous; the others follow each other before their main note.
    for (grace, chord) in cursor.graceNotes {
      var grace = grace
      grace.onset = onset - Self.graceLength * Double(cursor.graceChords - chord + 1)
      grace.length = Self.graceLength
      content.notes.append(grace)
    }
    (cursor.graceNotes, cursor.graceChords) = ([], 0)
    guard length > 0 else { return }
    if !isChord { cursor.soundingPart = Self.soundingPart(of: element, isSlurred: isSlurred) }
    var sounding = note
    if !note.isTieStart { sounding.length *= cursor.soundingPart }
    content.notes.append(sounding)
    content.lyrics += Self.lyrics(of: element, at: onset, staff: note.staff)
  }

  /// The fraction of its length for which a note sounds: half for staccato, and three quarters for portato, which is
  /// staccato under a slur or with tenuto.
  private static func soundingPart(of note: XMLElement, isSlurred: Bool) -> Double {
    var (isStaccato, isPortato) = (false, isSlurred)
    for articulations in note.all("notations").compactMap({ $0["articulations"] }) {
      for sign in articulations.children {
        switch sign.name {
        case "staccato", "staccatissimo", "spiccato": isStaccato = true
        case "tenuto": isPortato = true
        case "detached-legato": (isStaccato, isPortato) = (true, true)
        default: break
        }
      }
    }
    return isStaccato ? (isPortato ? 0.75 : 0.5) : 1
  }

  /// The syllables of a note, one for each verse. A syllable within a word ends in a hyphen, and the last one of a word
  /// in a space.
  private static func lyrics(of note: XMLElement, at place: Double, staff: Int) -> [MeasureContent.Lyric] {
    note.all("lyric").enumerated().compactMap { index, lyric in
      var (text, syllabic) = ("", "single")
      // Two syllables on one note are joined by an elision.
      for element in lyric.children {
        switch element.name {
        case "text": text += element.text
        case "elision": text += element.text.isEmpty ? " " : element.text
        case "syllabic": syllabic = element.text
        default: break
        }
      }
      guard !text.isEmpty else { return nil }
      let digits = (lyric[attribute: "number"] ?? "").reversed().prefix { $0.isASCII && $0.isNumber }.reversed()
      return MeasureContent.Lyric(
        place: place, text: text + (["begin", "middle"].contains(syllabic) ? "-" : " "),
        verse: Int(String(digits)) ?? index + 1, staff: staff)
    }
  }

  private static func staff(of element: XMLElement) -> Int {
    min(mostStaves, max(1, element["staff"]?.integer ?? 1))
  }

  private func pitch(of note: XMLElement) -> (Pitch, isDrum: Bool)? {
    if let pitch = note["pitch"] {
      guard let step = pitch["step"].flatMap({ NoteName($0.text) }), step.alteration == 0,
        let octave = pitch["octave"]?.integer, (-1...9).contains(octave)
      else { return nil }
      let alter = pitch["alter"].map { $0.number ?? .nan } ?? 0
      guard abs(alter) <= 4 else { return nil }
      let key = (octave + 1) * 12 + step.semitones + Int(alter.rounded()) + transposition
      return UInt8(exactly: key).flatMap(Pitch.init(rawValue:)).map { ($0, false) }
    }
    return note["unpitched"].map { (percussion.key(of: note, $0), true) }
  }
}
