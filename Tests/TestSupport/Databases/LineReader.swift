import Foundation

/// Reads a pipe line by line; blocks.
struct LineReader: Sendable {
    private let handle: FileHandle
    private var rest = Data()

    init(_ handle: FileHandle) { self.handle = handle }

    /// The next line without its end. Throws when the pipe ends before there is one.
    mutating func next() throws -> String {
        while true {
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: rest[..<end], as: UTF8.self)
                rest = Data(rest[(end + 1)...])
                return line
            }
            // Not `read(upToCount:)`, which waits until there are as many.
            let more = handle.availableData
            guard !more.isEmpty else {
                throw PostgresServer.Failure(description: "The shell of PostgreSQL has ended")
            }
            rest.append(more)
        }
    }
}
