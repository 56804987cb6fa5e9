import Glibc

/// Reads files of the size of a manifest.
enum SmallFile {
    /// The bytes of a regular file of at most 1 MiB.
    static func read(_ path: String) throws(FileReadError) -> [UInt8] {
        // Not waiting for a writer: a named pipe is refused below.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure() }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        let limit = SourceText.limit
        guard status.st_size <= limit else { throw .tooLarge }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = readSome(descriptor, &chunk)
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw failure()
            }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { throw .tooLarge }
        }
    }

    /// The path with the process's folder before it where it is relative.
    static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/") else { return PathText.normalized(path) }
        guard let pointer = getcwd(nil, 0) else { return PathText.normalized("/" + path) }
        defer { free(pointer) }
        return PathText.normalized(String(cString: pointer) + "/" + path)
    }

    private static func readSome(_ descriptor: Int32, _ chunk: inout [UInt8]) -> Int {
        chunk.withUnsafeMutableBytes { buffer in
            Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        }
    }

    private static func failure() -> FileReadError {
        errno == ENOENT || errno == ENOTDIR ? .notFound : .system(String(cString: strerror(errno)))
    }
}
