import Control
import Glibc

/// What a command is given as a file, or on standard input.
enum InputFile {
    /// The bytes of a file, of standard input for `-`.
    /// - Throws: `CommandFailure` with the reason where it cannot be read.
    static func read(_ path: String) throws -> [UInt8] {
        let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { if descriptor != 0 { close(descriptor) } }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = Glibc.read(descriptor, &part, part.count)
            if count > 0 {
                bytes.append(contentsOf: part[..<count])
            } else if count == 0 {
                return bytes
            } else if errno != EINTR {
                throw failure(path, errno)
            }
        }
    }

    private static func failure(_ path: String, _ code: Int32) -> CommandFailure {
        let what = path == "-" ? "Standard input" : "The file \(path)"
        return CommandFailure("\(what) cannot be read: \(String(cString: strerror(code))).")
    }
}
