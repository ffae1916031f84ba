import MusicCore
import Notation

/// The path of a folder or file of the package.
func packagePath(_ name: String) -> String {
  let components = #filePath.split(separator: "/")
  return "/" + components.dropLast(3).joined(separator: "/") + "/" + name
}

/// A piece with a single piano part, by default in 4/4.
func piece(_ music: String, meter: String = "4/4", fields: String = "") throws -> Score {
  try Manuscript("\(fields)\npart: a piano\nmeter: \(meter)\na: \(music)\n").score()
}

/// The notes of a piece with a single part.
func notes(_ music: String, meter: String = "4/4") throws -> [Note] {
  try piece(music, meter: meter).tracks[1].notes
}

/// The mistake in a piece, or nil if there is none.
func mistake(in source: String) -> NotationError? {
  do {
    _ = try Manuscript(source).score()
    return nil
  } catch {
    return error
  }
}
