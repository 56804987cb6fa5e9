/// How a peer broke the protocol. After one of these the link is dead: nothing that it sends can be trusted.
public enum FrameError: Error, Sendable, Equatable {
    /// A payload ends before its last field.
    case truncated
    /// A payload goes on after its last field.
    case trailingBytes
    /// A payload is longer than its type may be.
    case tooLarge(type: UInt8, length: Int)
    /// A type that is not known, in a frame that is not optional.
    case unknownType(UInt8)
    /// A flag or a reserved field is not 0.
    case reservedBits
    /// A field has a value that it must not have; the text names it.
    case invalidField(StaticName)
    /// The frame belongs to a stream, and names none; or the other way round.
    case wrongStream(FrameType)
    /// The other side is not the one to send this type, or not now.
    case unexpected(FrameType)
    /// The stream was never opened.
    case unknownStream(StreamID)
    /// The stream has had its end: a second reply, or data after the last.
    case streamClosed(StreamID)
    /// More bytes than the window allowed; stream 0 is the link's window.
    case windowExceeded(StreamID)
    /// More room was given back than had been taken; stream 0 is the link's window.
    case windowOverflow(StreamID)
    /// A body is not as long as its head said, or longer than it may be.
    case bodyLength(StreamID)
    /// More streams than agreed are open.
    case tooManyStreams

    /// A fixed piece of text.
    public struct StaticName: Sendable, Equatable, ExpressibleByStringLiteral {
        /// The text.
        public let text: String

        /// This text.
        public init(stringLiteral text: String) { self.text = text }
    }
}

extension FrameError: CustomStringConvertible {
    /// What happened, for the log.
    public var description: String {
        switch self {
        case .truncated: "a frame ends before its last field"
        case .trailingBytes: "a frame goes on after its last field"
        case .tooLarge(let type, let length): "a frame of type \(type) has \(length) bytes"
        case .unknownType(let type): "frame type \(type) is not known"
        case .reservedBits: "reserved bits are set"
        case .invalidField(let name): "the field \(name.text) is not valid"
        case .wrongStream(let type): "\(type) came on the wrong stream"
        case .unexpected(let type): "\(type) is not to be sent by this side, or not now"
        case .unknownStream(let stream): "stream \(stream.rawValue) was never opened"
        case .streamClosed(let stream): "stream \(stream.rawValue) was already answered"
        case .windowExceeded(let stream): "more data than the window of stream \(stream.rawValue) allows"
        case .windowOverflow(let stream):
            "more room than was taken is given back on stream \(stream.rawValue)"
        case .bodyLength(let stream): "the body of stream \(stream.rawValue) is not as long as announced"
        case .tooManyStreams: "more streams are open than agreed"
        }
    }
}
