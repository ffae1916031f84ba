enum Evaluation {}
