import Layers
import ModelFormat
import Tensors
import Training
import VAEGAN
import Glibc

func now() -> Double { var t = timespec(); clock_gettime(CLOCK_MONOTONIC, &t); return Double(t.tv_sec) + Double(t.tv_nsec) * 1e-9 }
let args = CommandLine.arguments
let threads = Int(args[1])!, batchSize = Int(args[2])!, fast = args[3] == "fast"
try Runtime.setThreadCount(threads)
try Runtime.setFastProducts(fast)
let generator = try Generator(seed: 1)
var configuration = Configuration.small
if args.count > 4, args[4] == "plain" { configuration.latents = nil }
let model = try VAE(configuration, generator: generator)
print(model.parameters.parameters.count, model.parameters.parameters.map(\.count).reduce(0, +), Set(model.parameters.all.map { TensorDescription($0.name!, $0.shape) }) == Set(configuration.tensors))
let optimizer = try AdamW(model.parameters.parameters)
var rng = SystemRandomNumberGenerator()
for step in 0..<8 {
  let windows = (0..<batchSize).map { _ in (0..<512).map { _ in UInt16.random(in: 0..<774, using: &rng) } }
  let t0 = now()
  let batch = try Batch(windows, multiple: 128)
  let value = try Objective()(model, batch, using: generator)
  let t1 = now()
  try optimizer.clearGradients()
  try value.loss.backward()
  let t2 = now()
  let norm = try GradientClipping.norm(of: optimizer.parameters)
  try GradientClipping.clip(optimizer.parameters, norm: norm, to: 1)
  try optimizer.step(learningRate: 1e-3)
  let t3 = now()
  print(step, try value.loss.item(), try value.reconstruction.item(), try value.divergence.map { try $0.item() }, norm, "fwd", t1 - t0, "bwd", t2 - t1, "opt", t3 - t2, "tok/s", Double(batchSize * 512) / (t3 - t0))
}
