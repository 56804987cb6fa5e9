import Foundation
import Glibc

/// Asks a running server over `.swiftlet/admin.sock` beside its manifest.
public struct AdminClient {
    private let path: String
    private let manifestPath: String

    /// A client of the server of this manifest; the manifest itself is not read.
    public init(manifestPath: String) {
        self.manifestPath = manifestPath
        let folder = URL(filePath: manifestPath).absoluteURL.standardizedFileURL.deletingLastPathComponent()
        path = folder.appending(path: ".swiftlet/admin.sock").path(percentEncoded: false)
    }

    /// The body of a GET.
    /// - Throws: `CommandFailure` when no server answers within 5 s, or its answer is not a 200.
    public func get(_ target: String) throws -> [UInt8] {
        let socket = try connect()
        defer { close(socket) }
        let request = "GET \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        guard
            request.utf8.withContiguousStorageIfAvailable({
                send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            })
                == request.utf8.count
        else { throw CommandFailure("The server at \(path) does not take the question.") }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(socket, &buffer, buffer.count, 0)
            if count == 0 { break }
            guard count > 0 else { throw CommandFailure("The server at \(path) does not answer.") }
            answer += buffer[..<count]
        }
        guard let end = answer.firstRange(of: Array("\r\n\r\n".utf8)) else {
            throw CommandFailure("The server at \(path) broke off its answer.")
        }
        let head = String(decoding: answer[..<end.lowerBound], as: UTF8.self)
        guard head.hasPrefix("HTTP/1.1 200 ") else {
            throw CommandFailure("The server at \(path) answered: \(head.prefix { $0 != "\r\n" })")
        }
        return Array(answer[end.upperBound...])
    }

    private func connect() throws -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw CommandFailure("\(path) is longer than a socket's path may be (107 bytes).")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw CommandFailure("No socket can be opened: \(String(cString: strerror(errno))).") }
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard connected == 0 else {
            let why = errno
            close(socket)
            throw CommandFailure(
                why == EACCES
                    ? "You are not allowed to ask the server at \(path); run the command as the user that runs the server."
                    : "No server runs for \(manifestPath); start it with `swiftlet serve --manifest \(manifestPath)`.")
        }
        return socket
    }
}
