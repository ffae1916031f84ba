import Foundation
import Inference
import ModelFormat

// The engine on one thread, beside the speed at which the machine reads its weights once for each token, and beside a
// peer, in one run and in turns.
//   engine [MODEL.safetensors] [INSTRUCTIONS] [--peer COMMAND…]
let options = Options(CommandLine.arguments.dropFirst())
let models = try Models(path: options.model)
defer { models.remove() }

try Hour(models, options).report()
try StepSpeed(models, options).report()
try CallSpeed(models, options).report()
