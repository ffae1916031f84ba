import MusicCore
import MusicTokens

extension Inspection {
  /// Schema `aurl-inspect/1`.
  struct Report: Encodable {
    var schema = "aurl-inspect/1"
    var file: String
    /// 0, 1 or 2; "MusicXML"; "tokens" for a token stream.
    var format: NumberOrText
    var title: String?
    var composer: String?
    var tracks: Int
    /// Ticks per quarter note; a description for timecode.
    var division: NumberOrText
    var seconds: Double
    var notes: Int
    /// The number of them that are drums, which are encoded only with --drums.
    var drums: Int
    var tokens: Int
    /// Absent if the file has none.
    var tempo: Tempo?
    var meters: [Place]
    var keys: [Place]
    var trackDetails: [TrackDetail]
    var lyrics: [Place]
    var markers: [Place]
    var repairs: [Repaired]
    var roundTrip: Error

    struct Tempo: Encodable {
      var minimumBPM: Double
      var maximumBPM: Double
      /// The number of tempos in the file.
      var changes: Int
    }

    /// A value that applies from a time on, or a text at a time.
    struct Place: Encodable {
      var seconds: Double
      var text: String
    }

    struct TrackDetail: Encodable {
      var name: String?
      var notes: Int
      /// MIDI pitches; absent if there are no notes.
      var lowest: Int?
      var highest: Int?
      /// 1…16.
      var channels: [Int]
      /// 0…127.
      var programs: [Int]
      var bends: Int
      var hasPedal: Bool
    }

    struct Repaired: Encodable {
      var kind: String
      var explanation: String
      var offset: Int
      var count: Int
    }

    struct Error: Encodable {
      var medianMs: Double
      var maxMs: Double
      var medianVelocity: Int
      var maxVelocity: Int
      var notesMerged: Int
      var notesLost: Int
    }
  }

  var report: Report {
    Report(
      file: Input.name(of: path), format: NumberOrText(format), title: score.title, composer: score.composer,
      tracks: score.tracks.count, division: division, seconds: score.duration.rawValue, notes: score.noteCount,
      drums: drums, tokens: tokens.count, tempo: tempo,
      meters: score.timeSignatures.map { place($0.tick, $0.description) },
      keys: score.keySignatures.map { place($0.tick, $0.description) }, trackDetails: score.tracks.map(Self.detail),
      lyrics: lyrics.map { place($0.tick, $0.string) }, markers: markers.map { place($0.tick, $0.string) },
      repairs: repairs.map {
        .init(kind: $0.kind, explanation: $0.explanation, offset: $0.offset, count: $0.count)
      },
      roundTrip: .init(
        medianMs: roundTrip.medianOnsetError.milliseconds, maxMs: roundTrip.maximumOnsetError.milliseconds,
        medianVelocity: roundTrip.medianVelocityError, maxVelocity: roundTrip.maximumVelocityError,
        notesMerged: roundTrip.notesMerged, notesLost: roundTrip.notesLost))
  }

  private func place(_ tick: Tick, _ text: String) -> Report.Place {
    .init(seconds: score.tempoMap.seconds(at: tick).rawValue, text: text)
  }

  private var tempo: Report.Tempo? {
    let tempos = score.tempoMap.changes.map(\.beatsPerMinute)
    guard let low = tempos.min(), let high = tempos.max() else { return nil }
    return .init(minimumBPM: low, maximumBPM: high, changes: tempos.count)
  }

  private var division: NumberOrText {
    guard case .metrical(let ticks) = score.division else { return .text(score.division.description) }
    return .number(ticks)
  }

  private static func detail(_ track: Track) -> Report.TrackDetail {
    let pitches = track.notes.map { Int($0.pitch.rawValue) }
    return .init(
      name: track.name, notes: track.notes.count, lowest: pitches.min(), highest: pitches.max(),
      channels: track.channels, programs: track.programs.map { Int($0.rawValue) }, bends: track.bendCount,
      hasPedal: track.hasPedal)
  }
}
