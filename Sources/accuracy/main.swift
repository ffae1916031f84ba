internal import Foundation

// Measures the analyzer on the annotated sets of the folder that is given and prints a table.
guard CommandLine.arguments.count == 2 else {
  FileHandle.standardError.write(Data("usage: accuracy FOLDER\n".utf8))
  exit(64)
}
let folder = CommandLine.arguments[1]
print("| task | files | score |\n|---|---|---|")
for row in HarmonyAccuracy.rows(folder: folder) { print(row) }
for row in RhythmAccuracy.rows(folder: folder) { print(row) }
