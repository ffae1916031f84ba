internal import Files
internal import Glibc
internal import SoundFonts
internal import Terminal
internal import Timbres

// Writes the project's own soundfont: `foundry [path]`.
let path = CommandLine.arguments.dropFirst().first ?? "soundfonts/aurl.sf2"
guard CommandLine.arguments.count <= 2, !path.hasPrefix("-") else {
  Message.note("Usage: foundry [FILE.sf2]")
  exit(ExitStatus.usage.rawValue)
}
do {
  let bytes = try await Bank.soundFont().serialized()
  try write(bytes, toFile: path)
  print("\(path): \(bytes.count) bytes")
} catch {
  Failure((error as? FileError)?.status ?? .software, path, "\(error)").exit()
}
