import ArgumentParser

/// Shell completions of the training program.
extension CompletionKind {
  static var model: CompletionKind { .file(extensions: ["safetensors"]) }
  static var device: CompletionKind { .list(["cpu", "cuda", "cuda:0", "cuda:1"]) }
}
