internal import Files
internal import Glibc
internal import SoundFonts
internal import Timbres

// Makes the project's own soundfont: `foundry [path]`.
let path = CommandLine.arguments.dropFirst().first ?? "soundfonts/aurl.sf2"
do {
  let bytes = try await Bank.soundFont().serialized()
  try write(bytes, toFile: path)
  print("\(path): \(bytes.count) bytes")
} catch {
  let message = "foundry: \(path): \(error)\n"
  _ = message.withCString { Glibc.write(STDERR_FILENO, $0, strlen($0)) }
  exit(1)
}
