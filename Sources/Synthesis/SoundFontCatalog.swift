internal import Files

/// The places where soundfonts are looked for, in order of preference.
public struct SoundFontCatalog: Sendable {
  /// The value of `AURL_SOUNDFONT`: the soundfont to use if none is named.
  public var environment: String?
  /// Folders, in order of preference.
  public var userFolders: [String]
  /// The folders in which the system keeps soundfonts.
  public var systemFolders: [String]
  /// The possible paths of the soundfont that comes with the program, in order of preference.
  public var shippedPaths: [String]

  /// Creates a catalog; the folders are searched when a soundfont is asked for.
  public init(
    environment: String? = nil, userFolders: [String] = [], systemFolders: [String] = [], shippedPaths: [String] = []
  ) {
    self.environment = environment
    self.userFolders = userFolders
    self.systemFolders = systemFolders
    self.shippedPaths = shippedPaths
  }

  /// The usual places of a machine and user (XDG Base Directory Specification).
  ///
  /// - Parameters:
  ///   - environment: The soundfont that the user's environment names, or nil.
  ///   - dataFolder: The user's folder for data, or nil.
  ///   - shippedPaths: The possible paths of the soundfont that comes with the program, in order of preference.
  public init(environment: String? = nil, dataFolder: String?, shippedPaths: [String] = []) {
    self.init(
      environment: environment,
      userFolders: dataFolder.map { data in
        ["aurl/soundfonts", "soundfonts", "sounds/sf2", "sounds/sf3"].map { "\(data)/\($0)" }
      } ?? [],
      systemFolders: [
        "/usr/local/share/sounds/sf2", "/usr/local/share/sounds/sf3", "/usr/local/share/soundfonts",
        "/usr/share/sounds/sf2", "/usr/share/sounds/sf3", "/usr/share/soundfonts",
      ],
      shippedPaths: shippedPaths)
  }

  /// All soundfonts found, in order of preference, including files that turn out not to be soundfonts. A file with
  /// several paths is listed once, under the first.
  public var soundFonts: [SoundFont] {
    var seen: Set<String> = []
    return allNames.filter { seen.insert(Self.canonical($0.path)).inserted }
  }

  private var allNames: [SoundFont] {
    var found: [SoundFont] = []
    if let environment { found.append(SoundFont(path: environment, origin: .environment)) }
    found += Self.files(in: userFolders).map { SoundFont(path: $0, origin: .user) }
    found += Self.files(in: systemFolders).map { SoundFont(path: $0, origin: .system) }
    found += shippedPaths.filter { FileSystem.isReadable($0) }.prefix(1).map { SoundFont(path: $0, origin: .shipped) }
    return found
  }

  /// The soundfont to use: the named one, that of the environment, or the first that is not broken.
  ///
  /// - Parameter name: a path, or the name of a file in one of the folders with or without its extension.
  /// - Throws: `SynthesisError` if the requested one is missing or broken; `.soundFontMissing` if there are none.
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
    guard !name.contains("/"), !FileSystem.isThere(name) else { return named }
    return allNames.first { font in
      let file = font.path.split(separator: "/").last.map(String.init) ?? font.path
      return file == name || file == "\(name).sf2" || file == "\(name).sf3"
    } ?? named
  }

  private func checked(_ font: SoundFont) throws(SynthesisError) -> SoundFont {
    _ = try font.header()
    return font
  }

  /// The soundfonts of several folders. Those whose name begins with `default` come first, whatever their folder: they
  /// are the choice of the user or of the system.
  private static func files(in folders: [String]) -> [String] {
    let paths = folders.flatMap { files(in: $0) }
    return paths.filter(isDefault) + paths.filter { !isDefault($0) }
  }

  /// The soundfonts of a folder, sorted by name.
  private static func files(in folder: String) -> [String] {
    let names = (try? Folder.names(in: folder)) ?? []
    return names.filter { ["sf2", "sf3"].contains($0.fileExtension.lowercased()) }.map { "\(folder)/\($0)" }.sorted()
  }

  private static func isDefault(_ path: String) -> Bool {
    path.split(separator: "/").last?.lowercased().hasPrefix("default") ?? false
  }

  private static func canonical(_ path: String) -> String { FileSystem.resolved(path) ?? path }
}
