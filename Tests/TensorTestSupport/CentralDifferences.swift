/// The derivatives of `function` with respect to every element of `inputs`, by central differences.
package func centralDifferences(
  at inputs: [PlainArray], step: Double = 1e-5, _ function: ([PlainArray]) throws -> Double
) rethrows -> [PlainArray] {
  var inputs = inputs
  var derivatives = inputs
  for array in inputs.indices {
    for place in inputs[array].values.indices {
      let value = inputs[array].values[place]
      inputs[array].values[place] = value + step
      let above = try function(inputs)
      inputs[array].values[place] = value - step
      let below = try function(inputs)
      inputs[array].values[place] = value
      derivatives[array].values[place] = (above - below) / (2 * step)
    }
  }
  return derivatives
}
