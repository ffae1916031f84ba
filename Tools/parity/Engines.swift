package import Inference
internal import ModelFormat
internal import Tensors
internal import Training
package import VAEGAN

/// One model in the native engine and in libtorch.
package struct Engines {
  package let native: Model
  package let reference: VAE

  /// Loads a file into both engines. libtorch computes in single precision, whatever the precision of the file.
  package init(path: String, instructions: InstructionSet = .best) throws {
    native = try Model(path: path, instructions: instructions)
    reference = try VAE(native.configuration, generator: Generator(seed: 0))
    try reference.takeParameters(ofFile: path)
  }

  var configuration: Configuration { native.configuration }
}

/// The largest difference of two lists of numbers; infinite if lengths differ or a number is NaN.
func largestDifference(_ a: some Collection<Float>, _ b: some Collection<Float>) -> Double {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { most, pair in
    let difference = Double((pair.0 - pair.1).magnitude)
    return difference.isNaN ? .infinity : max(most, difference)
  }
}
