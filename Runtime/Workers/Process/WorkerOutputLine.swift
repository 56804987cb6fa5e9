/// One line that a worker wrote, made safe for a log: valid UTF-8, no control characters, 16 KiB at most.
public struct WorkerOutputLine: Sendable, Equatable {
    /// Where it was written.
    public enum Stream: UInt8, Sendable {
        /// Standard output, descriptor 1.
        case output = 1
        /// Standard error, descriptor 2.
        case error = 2
    }

    /// Who wrote it.
    public var worker: WorkerIdentity
    /// Where.
    public var stream: Stream
    /// The text without its line end. Control characters stand as `\u{1b}`, bytes that are no UTF-8 as `\xff`.
    public var text: String
    /// How many lines were dropped before this one because they came too fast. At a worker's end a line without text
    /// carries what was dropped last.
    public var dropped: Int
}
