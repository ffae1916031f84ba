import Terminal
import Text

/// Inspects several files: a table, or one line of JSON per file.
struct InspectionBatch {
  let options: Inspect

  func run(_ paths: [String]) async throws {
    let inputs = try BatchInput.all(paths, of: .midiOrTokens)
    let batch = Batch(
      names: inputs.map(\.name), jobs: options.work.count, verb: "inspected",
      isQuiet: options.messages.isQuiet, progress: FileProgress(isQuiet: options.messages.isQuiet))
    let (selection, isJSON) = (options.selection, options.printing.isJSON)
    if !isJSON { try Output.print(options.terminal.style.dim(Inspection.columnNames)) }
    let tally = try await batch.run { (index) throws(Failure) -> String in
      try inputs[index].check()
      let inspection = try Inspection(path: inputs[index].path, options: selection)
      // All numbers are finite, so encoding cannot fail.
      return isJSON ? (try? JSONText.line(inspection.report)) ?? "" : inspection.row
    } deliverResult: {
      try Output.print($0)
    }
    if !options.messages.isQuiet, tally.skipped > 0 { Message.note(tally.summary) }
    try tally.check()
  }
}
