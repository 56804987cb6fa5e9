import Foundation

/// Where the public test suites are: `$SWIFTLET_SUITES`, or `shared/suites` beside the package.
enum PublicSuites {
    /// The folder of one of them, which may not be there.
    static func folder(_ name: String) -> URL {
        let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        let suites =
            ProcessInfo.processInfo.environment["SWIFTLET_SUITES"].map {
                URL(filePath: $0, directoryHint: .isDirectory)
            } ?? package.appending(path: "../shared/suites").standardized
        return suites.appending(path: name)
    }
}
