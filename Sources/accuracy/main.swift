internal import Glibc

// Measures the analyzer on annotated development sets, and prints a table.
guard let folder = CommandLine.arguments.dropFirst().first else {
  let usage = "usage: accuracy FOLDER\n"
  write(STDERR_FILENO, usage, usage.utf8.count)
  exit(64)
}
HarmonyAccuracy(folder: folder).printTable()
