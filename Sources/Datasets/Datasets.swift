/// Reads and writes the datasets that models learn from.
enum Datasets {}
