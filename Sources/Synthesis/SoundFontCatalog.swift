internal import Glibc

/// Where soundfonts are looked for, in the order in which they are preferred.
public struct SoundFontCatalog: Sendable {
  /// The value of `AURL_SOUNDFONT`: the soundfont to use where none is named.
  public var environment: String?
  /// Folders, the preferred first.
  public var userFolders: [String]
  public var systemFolders: [String]
  /// Where the soundfont that comes with the program can be, the preferred first.
  public var shippedPaths: [String]

  public init(
    environment: String? = nil, userFolders: [String] = [], systemFolders: [String] = [], shippedPaths: [String] = []
  ) {
    self.environment = environment
    self.userFolders = userFolders
    self.systemFolders = systemFolders
    self.shippedPaths = shippedPaths
  }

  /// The places of this machine and user (XDG Base Directory Specification), and of the running program.
  public static var standard: SoundFontCatalog {
    let home = variable("HOME")
    let data = variable("XDG_DATA_HOME") ?? home.map { "\($0)/.local/share" }
    return SoundFontCatalog(
      environment: variable("AURL_SOUNDFONT"),
      userFolders: data.map { data in
        ["aurl/soundfonts", "soundfonts", "sounds/sf2", "sounds/sf3"].map { "\(data)/\($0)" }
      } ?? [],
      systemFolders: [
        "/usr/local/share/sounds/sf2", "/usr/local/share/sounds/sf3", "/usr/local/share/soundfonts",
        "/usr/share/sounds/sf2", "/usr/share/sounds/sf3", "/usr/share/soundfonts",
      ],
      shippedPaths: shippedPaths(program: programPath))
  }

  /// Beside an installed program in `share`, or in the checkout in whose build folder the program is.
  static func shippedPaths(program: String?) -> [String] {
    guard let program else { return [] }
    var folders = program.split(separator: "/").dropLast()
    var paths = ["/" + (folders.dropLast() + ["share", "aurl", "soundfonts", "aurl.sf2"]).joined(separator: "/")]
    for _ in 0..<5 where !folders.isEmpty {
      paths.append("/" + (folders + ["soundfonts", "aurl.sf2"]).joined(separator: "/"))
      folders = folders.dropLast()
    }
    return paths
  }

  /// Every soundfont that is there, the preferred first; files that are no soundfonts are among them. A file that
  /// has several names counts by the first.
  public var soundFonts: [SoundFont] {
    var seen: Set<String> = []
    return allNames.filter { seen.insert(Self.canonical($0.path)).inserted }
  }

  private var allNames: [SoundFont] {
    var found: [SoundFont] = []
    if let environment { found.append(SoundFont(path: environment, origin: .environment)) }
    found += Self.files(in: userFolders).map { SoundFont(path: $0, origin: .user) }
    found += Self.files(in: systemFolders).map { SoundFont(path: $0, origin: .system) }
    found += shippedPaths.filter { access($0, R_OK) == 0 }.prefix(1).map { SoundFont(path: $0, origin: .shipped) }
    return found
  }

  /// The soundfont to use: the one named, that of the environment, or the first that is whole.
  ///
  /// - Parameter name: a path, or the name of a file in one of the folders with or without its extension.
  /// - Throws: `SynthesisError` where the one asked for is missing or broken; none at all is `.soundFontMissing`.
  public func choose(named name: String? = nil) throws(SynthesisError) -> SoundFont {
    if let name { return try checked(find(name)) }
    if let environment { return try checked(SoundFont(path: environment, origin: .environment)) }
    guard let first = soundFonts.first(where: { (try? $0.header()) != nil }) else {
      throw .soundFontMissing(path: (userFolders + systemFolders).joined(separator: ", "), reason: "none found")
    }
    return first
  }

  private func find(_ name: String) -> SoundFont {
    let named = SoundFont(path: name, origin: .named)
    guard !name.contains("/"), access(name, F_OK) != 0 else { return named }
    return allNames.first { font in
      let file = font.path.split(separator: "/").last.map(String.init) ?? font.path
      return file == name || file == "\(name).sf2" || file == "\(name).sf3"
    } ?? named
  }

  private func checked(_ font: SoundFont) throws(SynthesisError) -> SoundFont {
    _ = try font.header()
    return font
  }

  /// The soundfonts of several folders, those first whose name begins with `default`: the choice of the user or
  /// of the system, in whichever folder it is.
  private static func files(in folders: [String]) -> [String] {
    let paths = folders.flatMap { files(in: $0) }
    return paths.filter(isDefault) + paths.filter { !isDefault($0) }
  }

  /// The soundfonts of a folder by name.
  private static func files(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      let lowercased = name.lowercased()
      if lowercased.hasSuffix(".sf2") || lowercased.hasSuffix(".sf3") { names.append("\(folder)/\(name)") }
    }
    return names.sorted()
  }

  private static func isDefault(_ path: String) -> Bool {
    path.split(separator: "/").last?.lowercased().hasPrefix("default") ?? false
  }

  private static func canonical(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func variable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  private static var programPath: String? {
    guard let path = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }
}
