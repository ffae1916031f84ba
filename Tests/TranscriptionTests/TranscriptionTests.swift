import Foundation
import MIDIFiles
import MusicCore
import MusicXML
import TestSupport
import Testing
import Transcription

@Suite struct TranscriptionTests {
  static let corpus: [String] = {
    let folder = CommandLineProgram.checkout.appendingPathComponent("corpus").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".mid") }.sorted().map { "\(folder)/\($0)" }
  }()

  /// The onsets, in ticks of 1/10,080 quarter note, and pitches of all notes except drums.
  private static func onsets(_ score: Score) -> [[Int64]] {
    guard case .metrical(let division) = score.division else { return [] }
    return score.notes(areDrums: false).map {
      [$0.onset.rawValue * 10_080 / Int64(division), Int64($0.pitch.rawValue)]
    }
    .sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
  }

  /// Transcribing, writing and reading a score keeps every onset.
  @Test(arguments: corpus) func scoresComeBackExactly(path: String) throws {
    let score = try MIDIFile(path: path).score
    let notated = try #require(NotatedScore(transcribing: score))
    let read = try MusicXML.score(of: MusicXML.bytes(of: notated))
    // Compared outside #expect, because a failure report with all notes would take minutes.
    let haveSameOnsets = Self.onsets(read) == Self.onsets(score)
    #expect(haveSameOnsets && read.title == score.title)
    func velocities(_ score: Score) -> [UInt8] { score.notes(areDrums: false).map(\.velocity.rawValue).sorted() }
    let haveSameVelocities = velocities(read) == velocities(score)
    #expect(haveSameVelocities)
    #expect(abs(read.duration.rawValue - score.duration.rawValue) < 1)
    // Pickups and meter changes are kept: transcribing again gives the same measures.
    let again = try #require(NotatedScore(transcribing: read))
    #expect(again.parts.first?.measures.map(\.length) == notated.parts.first?.measures.map(\.length))
  }

  /// The fractions of their written lengths for which notes sound in a performance: legato, detached and short.
  private static let articulations = [1, 0.95, 0.8, 0.6, 0.45, 0.3]

  /// The voices of scores and performances fill their measures with printable note values, and tuplets are complete.
  @Test(arguments: corpus) func voicesFillTheirMeasures(path: String) throws {
    let score = try MIDIFile(path: path).score
    let notated = try [score, Self.performance(of: score, lengths: Self.articulations)].map {
      try #require(NotatedScore(transcribing: $0))
    }
    for measure in notated.flatMap(\.parts).flatMap(\.measures) {
      for voice in measure.voices {
        var place = 0
        var isInTuplet = false
        for element in voice.elements {
          #expect(element.start == place && element.length > 0)
          place += element.length
          if element.beginsTuplet { isInTuplet = true }
          #expect(isInTuplet == (element.value.tuplet != nil))
          if element.endsTuplet { isInTuplet = false }
          let isWholeRest = element.heads.isEmpty && element.length == measure.length && !measure.isIncomplete
          #expect(isWholeRest || Self.length(element.value) == element.length, "\(element)")
        }
        #expect(place == measure.length && !isInTuplet)
      }
    }
  }

  private static func length(_ value: NoteValue) -> Int {
    let plain = 4 * NotatedScore.unitsPerQuarter / value.denominator
    let dotted = [plain, plain * 3 / 2, plain * 7 / 4][value.dots]
    return value.tuplet.map { dotted * $0.normal / $0.actual } ?? dotted
  }

  @Test func pitchesAreSpelledByTheirPlaceOnTheLineOfFifths() {
    func spelled(_ pitch: UInt8, _ place: Int) -> String {
      let spelling = SpelledPitch(Pitch(masking: pitch), spelled: NoteName(fifths: place))
      return "\(spelling.step)\(spelling.alteration)\(spelling.octave)"
    }
    #expect(
      [(60, 0), (61, 7), (61, -5), (59, 12), (60, 12), (71, -7), (59, -7)].map { spelled($0.0, $0.1) }
        == ["C04", "C14", "D-14", "B13", "B13", "C-15", "C-14"])
  }

  /// A piano piece on one track is divided between the hands; two piano tracks become the two staves.
  @Test func keyboardMusicHasTwoStaves() throws {
    let path = try #require(Self.corpus.first { $0.contains("prelude-in-c") })
    let score = try MIDIFile(path: path).score
    let notated = try #require(NotatedScore(transcribing: score))
    #expect(notated.parts.count == 1 && notated.parts[0].clefs == [.treble, .bass])
    var merged = score
    merged.tracks = [
      Track(
        notes: score.tracks.flatMap(\.notes).sorted { ($0.onset, $0.pitch) < ($1.onset, $1.pitch) },
        end: score.lastNoteEnd)
    ]
    let divided = try #require(NotatedScore(transcribing: merged))
    #expect(divided.parts.count == 1 && divided.parts[0].clefs == [.treble, .bass])
  }

  /// A performance of a score: after half a second of silence, with a tempo that varies by a tenth every eight seconds,
  /// and on a time grid of 1 ms. Note `i` sounds for the fraction `lengths[i % lengths.count]` of its length.
  private static func performance(of score: Score, lengths: [Double] = [1]) -> Score {
    func played(_ tick: Tick) -> Tick {
      let seconds = score.tempoMap.seconds(at: tick).rawValue
      return Tick(rawValue: Int64((1000 * (0.5 + seconds + 0.12 * sin(seconds * .pi / 4))).rounded()))
    }
    var performance = Score(tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 500)))
    performance.tracks = score.tracks.map { track in
      var notes = track.notes
      for index in notes.indices {
        let (onset, end) = (played(notes[index].onset), played(notes[index].end))
        let length = Double(end.rawValue - onset.rawValue) * lengths[index % lengths.count]
        notes[index].onset = onset
        notes[index].end = Tick(rawValue: onset.rawValue + max(1, Int64(length)))
      }
      return Track(notes: notes, end: played(track.end))
    }
    return performance
  }

  /// The notation of a performance without a tempo map keeps its times; notes before the first beat have its tempo.
  @Test(arguments: corpus) func performancesKeepTheirTime(path: String) throws {
    let performance = Self.performance(of: try MIDIFile(path: path).score)
    let notated = try #require(NotatedScore(transcribing: performance))
    let read = try MusicXML.score(of: MusicXML.bytes(of: notated))
    func times(_ score: Score) -> [Double] {
      score.notes(areDrums: false).map { score.tempoMap.seconds(at: $0.onset).rawValue }.sorted()
    }
    let (before, after) = (times(performance), times(read))
    let (first, last) = (try #require(before.first), try #require(before.last))
    #expect(abs((last - first) - (after.last! - after.first!)) < 0.25)
  }

  /// For 95 % of the notes of performances, the notated length (halved for staccato) is within a sixteenth of the
  /// length that was played.
  @Test func lengthsOfPerformancesAreWithinASixteenth() throws {
    // The notes of each pitch sorted by onset, as lengths and the length of a sixteenth, in seconds.
    func lengths(_ score: Score) -> [Pitch: [(seconds: Double, sixteenth: Double)]] {
      guard case .metrical(let ticksPerQuarter) = score.division else { return [:] }
      return Dictionary(grouping: score.notes(areDrums: false).sorted { $0.onset < $1.onset }, by: \.pitch).mapValues {
        $0.map { note in
          let onset = score.tempoMap.seconds(at: note.onset).rawValue
          let quarter = score.tempoMap.seconds(at: Tick(rawValue: note.onset.rawValue + Int64(ticksPerQuarter)))
          return (score.tempoMap.seconds(at: note.end).rawValue - onset, (quarter.rawValue - onset) / 4)
        }
      }
    }
    var (right, all) = (0, 0)
    for path in Self.corpus {
      let performance = Self.performance(of: try MIDIFile(path: path).score, lengths: Self.articulations)
      let notated = try #require(NotatedScore(transcribing: performance))
      let read = lengths(try MusicXML.score(of: MusicXML.bytes(of: notated)))
      // If repeated notes were merged, notes cannot be paired by order.
      for (pitch, played) in lengths(performance) {
        guard let written = read[pitch], written.count == played.count else { continue }
        all += played.count
        right += zip(played, written).count { abs($0.seconds - $1.seconds) <= 1.02 * $1.sixteenth }
      }
    }
    #expect(all > 7000 && Double(right) >= 0.95 * Double(all), "\(right) of \(all)")
  }

  /// Notes longer than an eighth that the pedal sustains are not staccato, even if their keys are released early.
  @Test func pedaledNotesAreNotStaccato() throws {
    var (detached, pedaled) = (0, 0)
    for path in Self.corpus.prefix(10) {
      var performance = Self.performance(of: try MIDIFile(path: path).score, lengths: [0.5])
      func measures() throws -> [NotatedMeasure] {
        try #require(NotatedScore(transcribing: performance)).parts.flatMap(\.measures)
      }
      func staccatos(_ measures: [NotatedMeasure]) -> Int {
        measures.flatMap(\.voices).flatMap(\.elements).count {
          $0.isStaccato && $0.length > NotatedScore.unitsPerQuarter / 2
        }
      }
      detached += staccatos(try measures())
      // The pedal is pressed, released and pressed again before the music.
      for index in performance.tracks.indices {
        performance.tracks[index].controls = [127, 0, 127].enumerated().map { tick, value in
          ControlEvent(
            tick: Tick(rawValue: Int64(tick)), channel: Channel(status: 0), message: .controller(.sustain, value))
        }
      }
      let sustained = try measures()
      pedaled += staccatos(sustained)
      // The first measure has the only start of a pedal, and no measure releases it.
      #expect(sustained.flatMap(\.pedals).contains { !$0.isDown } == false)
      #expect(sustained.first?.pedals.map(\.isDown) == [true])
    }
    #expect(detached > 100 && pedaled == 0, "\(detached), \(pedaled)")
  }

  @Test func tooLittleMusicIsNotNotated() {
    let map = TempoMap(division: .metrical(ticksPerQuarter: 480))
    #expect(NotatedScore(transcribing: Score(tempoMap: map)) == nil)
  }
}
