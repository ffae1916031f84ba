import Inference

/// What is measured.
struct Options {
  /// The model file; by default the preset small with random weights.
  var model: String?
  var instructions = InstructionSet.best
  /// The command of the peer, before the model's path.
  var peer: [String] = []

  /// Arguments in any order: a model's file, an instruction set, and after `--peer` the command.
  init(_ arguments: some Collection<String>) {
    let parts = arguments.split(separator: "--peer", maxSplits: 1, omittingEmptySubsequences: false)
    peer = parts.count > 1 ? Array(parts[1]) : []
    for argument in parts[0] {
      if let set = InstructionSet(rawValue: argument) { instructions = set } else { model = argument }
    }
  }
}

/// A row of a table.
func row(_ cells: [String]) -> String {
  cells.map { $0 + String(repeating: " ", count: max(1, 14 - $0.count)) }.joined()
}
