/// Why a response was not written; the client gets 502 in its place, and nothing of it is on the wire.
public enum ResponseFault: String, Error, Sendable, CaseIterable {
    /// The status is no final one: below 200 or above 599.
    case status
    /// A field's name is no token, or its value holds CR, LF, NUL or another control character.
    case field
    /// A field that frames the message or the connection: those are the front door's own.
    case framing
}
