import Glibc
import NIOCore

/// Why a server could not listen, as a sentence.
public struct ListenFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where it was to listen.
    public let endpoint: ListenEndpoint
    /// What stood in the way, and what to do.
    public let description: String
    /// Whether another program listens there.
    public let isInUse: Bool

    init(_ endpoint: ListenEndpoint, _ reason: String, isInUse: Bool = false) {
        self.endpoint = endpoint
        self.isInUse = isInUse
        description = "cannot listen on \(endpoint): \(reason)"
    }

    init(_ endpoint: ListenEndpoint, error: any Error) {
        if let error = error as? IOError {
            self.init(endpoint, number: error.errnoCode)
        } else if error is SocketAddressError.UnknownHost {
            self.init(
                endpoint,
                "there is no such address; write an IP address of this machine, such as 127.0.0.1 or 0.0.0.0")
        } else if error is SocketAddressError {
            self.init(endpoint, "this is no address that can be listened on")
        } else {
            self.init(endpoint, "\(error)")
        }
    }

    init(_ endpoint: ListenEndpoint, number: Int32) {
        let reason =
            switch number {
            case EADDRINUSE: "the address is in use; stop the other program or choose another port"
            case EADDRNOTAVAIL: "no interface of this machine has that address"
            case EACCES, EPERM:
                "there is no permission; ports below 1024 and foreign folders need more rights"
            case ENOENT: "the folder of the socket does not exist"
            case ENOTDIR: "a part of the path is no folder"
            case EROFS: "the file system is read-only"
            case EMFILE, ENFILE: "no file descriptors are left"
            case ENOTSOCK, EBADF: "the descriptor is no open socket"
            default: String(cString: strerror(number))
            }
        self.init(endpoint, reason, isInUse: number == EADDRINUSE)
    }
}
