import Glibc

/// The file of a Unix socket: made free before we bind to it.
enum UnixSocketFile {
    /// Removes a stale socket. Throws where something else is in the way, or somebody answers on it.
    static func makeFree(_ path: String) throws(ListenFailure) {
        let endpoint = ListenEndpoint.unix(path: path)
        guard path.utf8.count <= 107, !path.isEmpty else {
            throw ListenFailure(endpoint, "the path of a socket has 1 to 107 bytes")
        }
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw ListenFailure(endpoint, "a file that is no socket is in the way; remove it")
        }
        guard !isAnswered(path) else {
            throw ListenFailure(endpoint, number: EADDRINUSE)
        }
        unlink(path)
    }

    /// Whether a program accepts connections there.
    private static func isAnswered(_ path: String) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { room in
            room.copyBytes(from: path.utf8.prefix(room.count - 1))
        }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        // A full backlog (EAGAIN) is an answer too.
        return result == 0 || errno == EAGAIN
    }
}
