/// The metadata of an audio file.
public struct AudioTags: Hashable, Sendable {
  /// The title.
  public var title: String?
  /// The artist: the performer, or the composer if there is none.
  public var artist: String?
  /// The copyright notice.
  public var copyright: String?

  /// Creates tags; those that are nil are not written.
  public init(title: String? = nil, artist: String? = nil, copyright: String? = nil) {
    self.title = title
    self.artist = artist
    self.copyright = copyright
  }
}
