/// Why there is no answer. A status of 400 and above is an answer, not an error.
public struct HTTPClientError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Kind: Sendable, Hashable {
        /// The request cannot be sent: its address, method or headers. Nothing was sent.
        case invalidRequest
        /// The host's name has no address. Nothing was sent.
        case nameNotResolved
        /// No connection was made. Nothing was sent.
        case connectionFailed
        /// The other side's certificate is not accepted, or TLS failed. Nothing was sent.
        case tlsFailed
        /// One of the timeouts passed.
        case timedOut
        /// The answer's headers are over 64 KiB, or its body is over the request's `maximumBody`.
        case tooLarge
        /// The connection broke, or the answer is no HTTP.
        case brokenOff
        /// The client was closed.
        case closed
    }

    /// What kind of failure it is.
    public var kind: Kind
    /// What went wrong, for the log.
    public var message: String

    /// An error; see the properties.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// One line for the log.
    public var description: String { "http: \(message)" }
}
