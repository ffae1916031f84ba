internal import Yams

/// An assignment of a value to a key, and its source.
package struct Assignment: Hashable, Sendable {
  package var key: String
  /// The text of the value; nil for a list or mapping, which is an error.
  var value: String?
  package var source: SettingsError.Source

  /// The argument of `--set`, such as `optimizer.learningRate=1e-3`.
  package init(option: String) throws(SettingsError) {
    source = .option("--set \(option)")
    guard let sign = option.firstIndex(of: "="), sign != option.startIndex else {
      throw SettingsError(source: source, message: "expected key=value, such as optimizer.learningRate=1e-3")
    }
    key = String(option[..<sign])
    value = String(option[option.index(after: sign)...])
  }

  /// An assignment by an option of the program, such as `--seed`.
  package init(_ key: String, _ value: String, option: String) {
    self.key = key
    self.value = value
    source = .option(option)
  }

  private init(_ key: String, _ node: Node, file: String) {
    self.key = key
    value = node.scalar?.string
    source = .file(file, line: node.mark?.line)
  }

  /// The assignments of a YAML file, in order.
  ///
  /// - Throws: `SettingsError` if the text is not a YAML mapping.
  package static func all(yaml: String, file: String) throws(SettingsError) -> [Assignment] {
    func failure(_ message: String, line: Int? = nil) -> SettingsError {
      SettingsError(source: .file(file, line: line), message: message)
    }
    guard yaml.utf8.count <= 1 << 16 else { throw failure("too large for a file of settings") }
    let root: Node?
    do { root = try compose(yaml: yaml) } catch let error as YamlError {
      let (line, problem) = place(of: error)
      throw failure("not valid YAML: \(problem)", line: line)
    } catch { throw failure("not valid YAML") }
    guard let root, root.null == nil else { return [] }
    guard let mapping = root.mapping else {
      throw failure(
        "expected settings such as \"batch:\" with an indented \"windows: 16\" below", line: root.mark?.line)
    }
    var list: [Assignment] = []
    flatten(mapping, below: "", file: file, into: &list)
    return list
  }

  private static func flatten(
    _ mapping: Node.Mapping, below prefix: String, file: String, into list: inout [Assignment]
  ) {
    for (name, node) in mapping {
      let key = prefix + (name.scalar?.string ?? "?")
      let line = name.mark?.line
      if let inner = node.mapping, !inner.isEmpty, Setting.isSection(key) {
        flatten(inner, below: key + ".", file: file, into: &list)
      } else if Setting.isSection(key), node.null != nil || node.mapping?.isEmpty == true {
        continue
      } else {
        var assignment = Assignment(key, node, file: file)
        assignment.source = .file(file, line: line)
        list.append(assignment)
      }
    }
  }

  private static func place(of error: YamlError) -> (line: Int?, problem: String) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      (mark.line, problem)
    case .reader(let problem, _, _, _): (nil, problem)
    case .duplicatedKeysInMapping(let keys, let context):
      (context.mark.line, "\(keys.sorted().joined(separator: ", ")) occurs twice")
    default: (nil, "it cannot be read")
    }
  }
}
