/// Recognises music that was there before.
struct Duplicates {
  private var names: [[UInt16]: String] = [:]

  /// Takes a piece in and returns nil, or the name of the piece that is the same music.
  mutating func insert(_ tokens: [UInt16], name: String) -> String? {
    if let known = names[tokens] { return known }
    names[tokens] = name
    return nil
  }
}
