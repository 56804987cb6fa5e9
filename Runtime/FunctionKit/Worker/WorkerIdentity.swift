import Glibc

/// Who the worker says it is.
enum WorkerIdentity {
    /// What functions are built with.
    static let sdk = "swift/1.0"
    /// The process id as the worker sees it.
    static var pid: Int32 { getpid() }
    /// The version of the wire protocol, as text.
    static var version: String { "\(ProtocolVersion.current.major).\(ProtocolVersion.current.minor)" }
}
