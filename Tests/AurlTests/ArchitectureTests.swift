import Foundation
import TestSupport
import Testing

/// `docs/architecture.md` lists the modules, what each imports and which are products, as `Package.swift` declares them.
@Suite struct ArchitectureTests {
  @Test func theModuleGraphIsThatOfThePackage() throws {
    let declared = try Self.declaredModules()
    let documented = try Self.documentedModules()
    #expect(declared.count > 30)
    for (name, module) in declared { #expect(documented[name] == module, "\(name)") }
    for name in documented.keys { #expect(declared[name] != nil, "\(name) is documented but not declared") }
  }

  @Test func theOverviewShowsDependenciesThatAreThere() throws {
    let declared = try Self.declaredModules()
    let arrows = try Self.text("docs/architecture.md").matches(of: /(\w+) --> (\w+)/)
    #expect(arrows.count > 10)
    for arrow in arrows {
      let module = try #require(declared[String(arrow.1)], "\(arrow.1)")
      #expect(module.imports.contains(String(arrow.2)), "\(arrow.0)")
    }
  }

  /// SwiftPM's own check (`make imports`) allows imports of transitive dependencies and does not find unused ones.
  @Test func everyTargetDeclaresWhatItImports() throws {
    let modules = try Self.declaredModules(includingTests: true)
    #expect(modules.count > 60)
    for (name, module) in modules where !name.hasPrefix("C") {
      let folder = CommandLineProgram.checkout.appendingPathComponent(module.path)
      let files = try #require(FileManager.default.enumerator(atPath: folder.path), "\(name): \(module.path)")
      var imports: Set<String> = []
      for case let file as String in files where file.hasSuffix(".swift") {
        let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
        for match in text.matches(
          of: /(?m)^(?:@\w+ )?(?:(?:public|package|internal|private) )?import (?:struct |func |enum )?(\w+)/)
        {
          imports.insert(String(match.1))
        }
      }
      imports.formIntersection(Set(modules.keys).union(["ArgumentParser", "Yams"]))
      // Tests declare the programs that they run so that these are built; they do not import them.
      #expect(module.imports.subtracting(["aurl", "aurl-train"]) == imports.subtracting(["aurl_train"]), "\(name)")
    }
  }

  /// Members that a protocol of the standard library requires need no documentation.
  @Test func productsAreDocumented() throws {
    let products = try Self.declaredModules().filter(\.value.isProduct)
    #expect(products.count > 10)
    let modifiers = /\s*(?:@\w+ )?public (?:\w+\(set\) |static |final |mutating |convenience |nonisolated )*/
    let kinds = /(?:func|var|let|struct|class|enum|init|protocol|actor|subscript|typealias|consuming)\b/
    for (name, module) in products {
      let folder = CommandLineProgram.checkout.appendingPathComponent(module.path)
      #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("\(name).docc/\(name).md").path))
      for case let file as String in try #require(FileManager.default.enumerator(atPath: folder.path))
      where file.hasSuffix(".swift") {
        let lines = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8).split(
          separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
          guard let start = line.prefixMatch(of: modifiers), !start.0.isEmpty else { continue }
          guard line[start.range.upperBound...].prefixMatch(of: kinds) != nil else { continue }
          let above = lines[..<index].lazy.map { $0.trimmingCharacters(in: .whitespaces) }
          let isDocumented = above.last { !$0.hasPrefix("@") || $0.contains("public ") }?.hasPrefix("///") ?? false
          let isRequired = Self.requirements.contains { line.contains($0) }
          #expect(isDocumented || isRequired, "\(name)/\(file):\(index + 1): \(line)")
        }
      }
    }
  }

  private static let requirements = [
    "func encode(to", "init(from decoder", "func <", "func ==", "func +", "func -", "func hash(into",
    "var description:", "init(integerLiteral", "init(arrayLiteral", "var startIndex:", "var endIndex:",
    "func makeAsyncIterator", "struct AsyncIterator", "func next(", "typealias Element", "typealias Failure",
    "unownedExecutor",
  ]

  private struct Module: Equatable {
    var imports: Set<String>
    var isProduct: Bool
    /// The path of its folder, relative to the package.
    var path = ""

    static func == (a: Module, b: Module) -> Bool { a.imports == b.imports && a.isProduct == b.isProduct }
  }

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: CommandLineProgram.checkout.appendingPathComponent(path), encoding: .utf8)
  }

  /// The targets of `Package.swift`, which is read as text because SwiftPM omits some targets without libtorch.
  private static func declaredModules(includingTests: Bool = false) throws -> [String: Module] {
    let manifest = try text("Package.swift")
    let products = Set(manifest.matches(of: /\.library\(name: "([^"]+)"/).map { String($0.1) })
    var modules: [String: Module] = [:]
    for match in manifest.matches(of: /\.(target|executableTarget|testTarget|systemLibrary)\(\s*name: "([^"]+)"/) {
      let declaration = declaration(in: manifest[match.range.lowerBound...])
      let name = String(match.2)
      let isTest = match.1 == "testTarget" || declaration.contains("path: \"Tests")
      guard includingTests || !isTest else { continue }
      let path = declaration.firstMatch(of: /path: "([^"]+)"/).map { String($0.1) }
      modules[name] = Module(
        imports: imports(of: declaration), isProduct: products.contains(name),
        path: path ?? (isTest ? "Tests/" : "Sources/") + name)
    }
    return modules
  }

  /// The text up to the parenthesis that closes the first opening one.
  private static func declaration(in text: Substring) -> Substring {
    var depth = 0
    for index in text.indices {
      if text[index] == "(" { depth += 1 }
      if text[index] == ")" {
        depth -= 1
        if depth == 0 { return text[...index] }
      }
    }
    return text
  }

  private static func imports(of declaration: Substring) -> Set<String> {
    guard let start = declaration.range(of: "dependencies: [") else { return [] }
    let list = declaration[start.upperBound...].prefix { $0 != "]" }
    let names = list.replacing(/package: "[^"]+"/, with: "").matches(of: /"([^"]+)"/)
    return Set(names.map { String($0.1) })
  }

  private static func documentedModules() throws -> [String: Module] {
    var modules: [String: Module] = [:]
    for line in try text("docs/architecture.md").split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      let imports = Set(cells[2].matches(of: /`([^`]+)`/).map { String($0.1) })
      modules[cells[0].trimmingCharacters(in: ["`"])] = Module(
        imports: imports, isProduct: cells.count > 3 && cells[3] == "yes")
    }
    return modules
  }
}
