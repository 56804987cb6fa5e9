/// Why a file could not be read.
public enum FileReadError: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is none at that path.
    case notFound
    /// It is a folder, a device or a pipe.
    case notAFile
    /// It is larger than 1 MiB.
    case tooLarge
    /// The system said no, in its words.
    case system(String)

    /// The end of a sentence that begins with the file's path.
    public var description: String {
        switch self {
        case .notFound: "does not exist"
        case .notAFile: "is not a file"
        case .tooLarge: "is larger than 1MiB"
        case .system(let words): "cannot be read: \(words)"
        }
    }
}
