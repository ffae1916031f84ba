import Foundation

/// Headless Chromium, for testing pages.
public enum Browser {
  /// The result of checking a page.
  public struct Visit: Sendable {
    /// What the check returned.
    public var result: String
    /// The errors in the page: exceptions, and violations of its content security policy.
    public var errors: [String]
    /// What the browser wrote to its console.
    public var console: [String]
    /// The page at the end, as HTML.
    public var document: String
  }

  /// The check did not finish.
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  private struct Report: Decodable {
    var result: String
    var errors: [String]
  }

  /// Opens a page and runs a check in it.
  ///
  /// - Parameters:
  ///   - html: The page. It must have a `<head>`.
  ///   - size: The width and height of the window in CSS pixels. Chromium windows are at least 500 pixels wide.
  ///   - check: The body of an asynchronous JavaScript function that uses the page and returns a text. In it,
  ///     `await frame()` waits until the page has been drawn, `await pause(milliseconds)` waits for a time, and
  ///     `showPrint()` applies the rules of print to the screen.
  public static func visit(_ html: String, size: (width: Int, height: Int) = (1280, 1600), check: String) throws
    -> Visit
  {
    let folder = try TemporaryFolder()
    let tested = html.replacingOccurrences(of: "<head>", with: "<head>" + script(check))
    let page = try folder.write(Data(tested.utf8), to: "page.html")
    let run = try CommandLineProgram.run(
      "/usr/bin/timeout",
      [
        "120", "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--user-data-dir=\(folder.path("profile"))", "--window-size=\(size.width),\(size.height)",
        "--autoplay-policy=no-user-gesture-required", "--enable-logging=stderr", "--dump-dom", "file://\(page)",
      ])
    guard let start = run.text.range(of: "<pre id=\"report\">"),
      let end = run.text.range(of: "</pre>", range: start.upperBound..<run.text.endIndex)
    else { throw Failure(description: "no report of the check; status \(run.status), \(run.errors)") }
    var json = String(run.text[start.upperBound..<end.lowerBound])
    for (escaped, character) in [("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", "\u{A0}"), ("&amp;", "&")] {
      json = json.replacingOccurrences(of: escaped, with: character)
    }
    let report = try JSONDecoder().decode(Report.self, from: Data(json.utf8))
    return Visit(
      result: report.result, errors: report.errors,
      console: run.errors.split(separator: "\n").map(String.init).filter { $0.contains("CONSOLE") },
      document: run.text.replacingCharacters(in: start.lowerBound..<end.upperBound, with: ""))
  }

  /// The browser dumps the page as soon as it has loaded. A frame whose document stays open delays that until the check
  /// has finished, whatever the load of the machine.
  private static func script(_ check: String) -> String {
    """
    <script>
    (() => {
      const errors = [];
      addEventListener("error", (event) => errors.push(event.message));
      addEventListener("unhandledrejection", (event) => errors.push(String(event.reason)));
      addEventListener("securitypolicyviolation", (event) => errors.push(event.violatedDirective));
      const frame = () => new Promise(requestAnimationFrame);
      const pause = (milliseconds) => new Promise((end) => setTimeout(end, milliseconds));
      const showPrint = () => {
        for (const rule of [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])) {
          if (rule.media?.mediaText === "print") rule.media.mediaText = "all";
        }
      };
      const check = async () => { \(check) };
      addEventListener("DOMContentLoaded", async () => {
        const loading = document.createElement("iframe");
        loading.hidden = true;
        document.body.append(loading);
        loading.contentDocument.open();
        const result = await check().catch((error) => { errors.push(String(error)); return ""; });
        const report = document.createElement("pre");
        report.id = "report";
        report.textContent = JSON.stringify({ result, errors });
        document.body.append(report);
        loading.remove();
      });
    })();
    </script>
    """
  }
}
