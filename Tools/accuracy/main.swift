internal import Glibc
internal import Terminal

// Measures the analyzer on the annotated sets in a folder and prints a table, or with `--answers` its answers on every
// file; with `--chords` prints tables of the chords that it finds in folders of unlabeled music.
var arguments = Array(CommandLine.arguments.dropFirst())
if arguments.first == "--chords" {
  ChordCounts.print(folders: Array(arguments.dropFirst()))
  exit(0)
}
let wantsAnswers = arguments.first == "--answers"
if wantsAnswers { arguments.removeFirst() }
guard arguments.count == 1 else {
  Message.note("Usage: accuracy [--answers] FOLDER, or accuracy --chords FOLDER …")
  exit(ExitStatus.usage.rawValue)
}
let folder = arguments[0]
if wantsAnswers {
  try Answers.print(folder: folder)
} else {
  print("| task | files | score |\n|---|---|---|")
  for row in ScoreAccuracy.rows(folder: folder) { print(row) }
  for row in HarmonyAccuracy.rows(folder: folder) { print(row) }
  for row in RhythmAccuracy.rows(folder: folder) { print(row) }
}
