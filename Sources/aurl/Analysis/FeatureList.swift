import ArgumentParser
import MusicAnalysis

/// Parts of the analysis as `--features` names them; all by default.
struct FeatureList: ExpressibleByArgument {
  var features = Set(Analysis.Feature.allCases)

  init() {}

  init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false)
    let known = names.compactMap { Analysis.Feature(rawValue: String($0)) }
    guard known.count == names.count else { return nil }
    features = Set(known)
  }

  var defaultValueDescription: String { "all" }
}
