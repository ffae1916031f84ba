enum Inference {}
