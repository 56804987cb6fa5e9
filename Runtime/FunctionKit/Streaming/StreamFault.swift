/// A stream's body is not what it was said to be.
public enum StreamFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// More bytes were written than `contentLength` says.
    case tooLong(announced: Int)
    /// The body ended before `contentLength` bytes were written.
    case tooShort(announced: Int, missing: Int)
    /// Something was written after the body's end.
    case ended
    /// A streamed request body is read for a second time.
    case readTwice

    /// What is wrong, as a sentence.
    public var description: String {
        switch self {
        case .tooLong(let announced): "more was written than the \(announced) bytes of contentLength"
        case .tooShort(let announced, let missing):
            "the body ended \(missing) bytes short of the \(announced) of contentLength"
        case .ended: "the stream has ended"
        case .readTwice: "a streamed request body can be read only once"
        }
    }
}
