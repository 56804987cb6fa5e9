/// Why there is no answer. A status of 400 and above is an answer, not an error.
public struct HTTPClientError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Kind: Sendable, Hashable {
        /// The request cannot be sent: its address, method, headers or body. Also a body that is not as long as it was
        /// said to be, which is found out only while it is sent.
        case invalidRequest
        /// The host's name has no address. Nothing was sent.
        case nameNotResolved
        /// No connection was made, or the proxy refused to. Nothing was sent.
        case connectionFailed
        /// The other side's certificate is not accepted, or TLS failed. Nothing was sent.
        case tlsFailed
        /// One of the timeouts passed, or the deadline of the invocation that the caller works for.
        case timedOut
        /// The answer's headers are over 64 KiB, or its body is over the request's `maximumBody`.
        case tooLarge
        /// The connection broke.
        case brokenOff
        /// The answer is no HTTP, or has two meanings (two lengths, a length and chunks).
        case malformedAnswer
        /// The answer redirects to another scheme, to what is no address, or asks for a streamed body again.
        case redirectRefused
        /// More redirects than the request's `redirects`.
        case tooManyRedirects
        /// The status is not of the 200s where a value was asked for.
        case unexpectedStatus(Int)
        /// The client was closed, or the answer is read after `withResponse` ended.
        case closed
    }

    /// What kind of failure it is.
    public var kind: Kind
    /// What went wrong, for the log. It has no part of the address, the headers and the bodies in it.
    public var message: String
    /// Whether the server may have got the request, or a part of it: then one that is not idempotent may have had its
    /// effect.
    public var mayHaveBeenSent: Bool

    /// An error; see the properties.
    public init(_ kind: Kind, _ message: String, mayHaveBeenSent: Bool = false) {
        self.kind = kind
        self.message = message
        self.mayHaveBeenSent = mayHaveBeenSent
    }

    /// One line for the log.
    public var description: String { "http: \(message)" }
}
