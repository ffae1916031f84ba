/// The metadata of an audio file.
public struct AudioTags: Hashable, Sendable {
  public var title: String?
  /// The artist: the performer, or the composer if there is none.
  public var artist: String?
  public var copyright: String?

  public init(title: String? = nil, artist: String? = nil, copyright: String? = nil) {
    self.title = title
    self.artist = artist
    self.copyright = copyright
  }
}
