/// Where the body of a request or a reply is.
public enum BodyPlacement: Sendable, Equatable {
    /// It came with the head: it is whole.
    case whole
    /// It comes in DATA frames, so many bytes; nil is not known before the end.
    case follows(length: Int?)

    /// The number that stands for a length not known.
    static let unknown = UInt64.max

    mutating func read(_ reader: inout ByteReader) throws(FrameError) {
        let length = try reader.integer(UInt64.self)
        if length == BodyPlacement.unknown {
            self = .follows(length: nil)
        } else {
            guard let length = Int(exactly: length) else { throw .invalidField("length") }
            self = .follows(length: length)
        }
    }
}
