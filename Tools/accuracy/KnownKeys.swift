internal import MusicAnalysis
import MusicCore

/// Keys of well-known pieces by the beginnings of their file names.
enum KnownKeys {
  static func key(of name: String) -> Key? {
    if let number = name.split(separator: "__").first(where: { $0.hasPrefix("bwv_") }).flatMap({ Int($0.dropFirst(4)) }
    ),
      846...893 ~= number
    {
      // Both books of The Well-Tempered Clavier ascend through C major, C minor, C sharp major and so on.
      let place = (number - 846) % 24
      return Key(tonic: PitchClass(semitones: place / 2), isMinor: place % 2 == 1)
    }
    let piece = name.split(separator: "__").prefix(3).joined(separator: " ")
    return keys.first { piece.hasPrefix($0.key) }.flatMap { Key($0.value) }
  }

  private static let keys: [(key: String, value: String)] = [
    ("Beethoven Piano_Sonatas 10-1", "G major"), ("Beethoven Piano_Sonatas 11-3", "Bb major"),
    ("Beethoven Piano_Sonatas 12-1", "Ab major"), ("Beethoven Piano_Sonatas 14-3", "C# minor"),
    ("Beethoven Piano_Sonatas 17-1", "D minor"), ("Beethoven Piano_Sonatas 17-2", "Bb major"),
    ("Beethoven Piano_Sonatas 17-3", "D minor"), ("Beethoven Piano_Sonatas 18-2", "Ab major"),
    ("Beethoven Piano_Sonatas 18-3", "Eb major"), ("Beethoven Piano_Sonatas 2-1", "A major"),
    ("Beethoven Piano_Sonatas 22-2", "F major"), ("Beethoven Piano_Sonatas 24-1", "F# major"),
    ("Beethoven Piano_Sonatas 28-2", "F major"), ("Beethoven Piano_Sonatas 3-2", "E major"),
    ("Beethoven Piano_Sonatas 31-1", "Ab major"), ("Beethoven Piano_Sonatas 31-2", "F minor"),
    ("Beethoven Piano_Sonatas 4-1", "Eb major"), ("Beethoven Piano_Sonatas 8-1", "C minor"),
    ("Brahms Six_Pieces_op_118 2", "A major"), ("Chopin Etudes_op_10 2", "A minor"),
    ("Chopin Etudes_op_25 4", "A minor"), ("Chopin Polonaises 53", "Ab major"),
    ("Chopin Sonata_2 3rd", "Bb minor"), ("Chopin Sonata_3 4th", "B minor"),
    ("Haydn Keyboard_Sonatas 32-1", "B minor"), ("Liszt Annees_de_pelerinage_2 1", "F# major"),
    ("Liszt Transcendental_Etudes 11", "Db major"), ("Liszt Transcendental_Etudes 5", "Bb major"),
    ("Mozart Piano_Sonatas 12-3", "F major"), ("Mozart Piano_Sonatas 8-1", "A minor"),
    ("Ravel Miroirs 4", "D major"), ("Schubert Impromptu_op.90_D.899 2", "Eb major"),
    ("Schubert Impromptu_op.90_D.899 4", "Ab major"), ("Schubert Wanderer_fantasie", "C major"),
    ("Schumann Kreisleriana 1", "D minor"), ("Schumann Kreisleriana 2", "Bb major"),
    ("Schumann Toccata", "C major"), ("Scriabin Etudes_op_8 11", "Bb minor"),
  ]
}
