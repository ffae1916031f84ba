import Foundation
import Inference
import ModelFormat

// Measures the engine on one thread against the speed at which the machine reads its weights once per token, and
// against a peer, alternating in one run.
//   engine [MODEL.safetensors] [INSTRUCTIONS] [--peer COMMAND…]
let options = Options(CommandLine.arguments.dropFirst())
let models = try Models(path: options.model)
defer { models.remove() }

try Hour(models, options).report()
try StepSpeed(models, options).report()
try CallSpeed(models, options).report()
