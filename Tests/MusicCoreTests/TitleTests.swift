import MusicCore
import Testing

@Suite struct TitleTests {
  private func score(_ tracks: [[(TextEvent.Kind, String)]], notesInFirst: Bool = false) -> Score {
    let note = Note(onset: 0, end: 10, pitch: Pitch(masking: 60), velocity: Velocity(masking: 64))
    let tracks = tracks.enumerated().map { index, texts in
      Track(
        notes: index > 0 || notesInFirst ? [note] : [],
        texts: texts.map { TextEvent(tick: .zero, kind: $0, bytes: Array($1.utf8)) })
    }
    return Score(tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 96)), tracks: tracks)
  }

  @Test func theFirstTrackNamesThePiece() {
    #expect(score([[(.trackName, " Für Elise\0")], [(.trackName, "Right hand")]]).title == "Für Elise")
    #expect(score([[(.trackName, "Sarabande")]], notesInFirst: true).title == "Sarabande")
    // If a file has several tracks, the name of a track with notes is taken for that of an instrument, not for a title.
    #expect(score([[(.trackName, "Violin")], []], notesInFirst: true).title == nil)
    #expect(score([[(.trackName, "  ")], []]).title == nil && score([]).title == nil)
  }

  @Test func theComposerIsReadFromTexts() {
    let piece = score([[(.text, "composer: Clara Schumann "), (.copyright, "1846")], []])
    #expect(piece.composer == "Clara Schumann" && piece.copyright == "1846")
    #expect(score([[(.text, "Composer:")], []]).composer == nil)
  }

  @Test func karaokeFilesHaveTitleLines() {
    let piece = score([[(.text, "@KMIDI KARAOKE FILE")], [(.text, "@TYesterday"), (.text, "@TThe Beatles")]])
    #expect(piece.title == "Yesterday" && piece.composer == "The Beatles")
  }
}
