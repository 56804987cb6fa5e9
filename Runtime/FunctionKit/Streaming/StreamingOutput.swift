/// An output that is sent part by part while it is made: `ByteStream`, `EventStream`, or a type of one's own that makes
/// one of them.
public protocol StreamingOutput: Sendable {
    /// The stream: its head, and what writes its body.
    var stream: ByteStream { get }
}
