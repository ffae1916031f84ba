extension ModelFile {
  /// Writes the model whose parameters are the means of those of several models ("model soup", Wortsman 2022,
  /// arXiv:2203.05482). Models that were fine-tuned from the same one are in the same basin of the loss, where their mean
  /// is usually better than each. A model that is given twice counts twice.
  ///
  /// The metadata are those of the first model, without metrics, which are not those of the mean, and with the hash of the
  /// data only if it is that of all.
  ///
  /// - Throws: `ModelFormatError` if the models have different configurations, with the path of the first that differs, or
  ///   the file cannot be written.
  /// - Precondition: There is at least one model.
  public static func writeAverage(
    of models: [ModelFile], to path: String, precision: ModelWriter.Precision
  ) throws(ModelFormatError) {
    var metadata = models[0].metadata
    if let other = models.first(where: { $0.configuration != metadata.configuration }) {
      throw .content(
        path: other.path,
        reason: "has another configuration than \(models[0].path); only models of one shape have a mean")
    }
    metadata.pair = nil
    metadata.metrics = [:]
    if models.contains(where: { $0.metadata.dataHash != metadata.dataHash }) { metadata.dataHash = "" }
    var writer = try ModelWriter(path: path, metadata: metadata, precision: precision)
    for tensor in models[0].descriptions {
      var sums = [Double](repeating: 0, count: tensor.count)
      for model in models {
        for (index, value) in model.floats(named: tensor.name).enumerated() { sums[index] += Double(value) }
      }
      try writer.write(sums.map { Float($0 / Double(models.count)) }, to: tensor)
    }
    try writer.commit()
  }
}
