import Foundation

/// The programs under test: what `swift build -c release` left.
enum Release {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let folder = root.appending(path: ".build/release").path(percentEncoded: false)
    static let swiftlet = folder + "/swiftlet"
}
