/// The metadata of a sound file.
public struct AudioTags: Hashable, Sendable {
  public var title: String?
  /// Who made the music: its composer, where nobody else plays it.
  public var artist: String?
  public var copyright: String?

  public init(title: String? = nil, artist: String? = nil, copyright: String? = nil) {
    self.title = title
    self.artist = artist
    self.copyright = copyright
  }
}
