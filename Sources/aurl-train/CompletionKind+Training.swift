import ArgumentParser

/// What shells complete in training.
extension CompletionKind {
  static var model: CompletionKind { .file(extensions: ["safetensors"]) }
  static var device: CompletionKind { .list(["cpu", "cuda", "cuda:0", "cuda:1"]) }
}
