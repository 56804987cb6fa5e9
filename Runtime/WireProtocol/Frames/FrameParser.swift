/// Cuts a stream of bytes into frames, in place where a chunk holds them whole.
///
/// Holds one unfinished frame at most, so 256 KiB and a header. After it has thrown, it throws the same again.
public struct FrameParser: Sendable {
    private var tail: [UInt8] = []
    private var failure: FrameError?

    /// A parser before the first byte.
    public init() {}

    /// What came of the frame that is not whole yet.
    var buffered: [UInt8] { tail }

    /// Whether the bytes so far end within a frame.
    public var isMidFrame: Bool { !tail.isEmpty }

    /// Calls `frame` with each frame that is complete; the payload is valid only during the call.
    ///
    /// Optional frames of unknown types are skipped. Throws `FrameError`, or what `frame` throws: the rest of the
    /// chunk is then lost. `frame` must not feed this parser.
    public mutating func feed(
        _ chunk: UnsafeRawBufferPointer,
        _ frame: (FrameHeader, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        if let failure { throw failure }
        do {
            try cut(chunk, frame)
        } catch let error as FrameError {
            failure = error
            tail = []
            throw error
        }
    }

    private mutating func cut(
        _ chunk: UnsafeRawBufferPointer,
        _ frame: (FrameHeader, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var rest = chunk
        if !tail.isEmpty {
            guard take(upTo: FrameLimits.header, from: &rest) else { return }
            let reading = try tail.withUnsafeBytes { (bytes) throws(FrameError) in try FrameHeader.read(bytes)
            }
            guard take(upTo: FrameLimits.header + reading.length, from: &rest) else { return }
            if case .frame(let header) = reading {
                try tail.withUnsafeBytes { bytes in
                    try frame(header, UnsafeRawBufferPointer(rebasing: bytes[FrameLimits.header...]))
                }
            }
            tail.removeAll(keepingCapacity: tail.capacity <= 2 * FrameLimits.data)
        }
        while rest.count >= FrameLimits.header {
            let reading = try FrameHeader.read(rest)
            let size = FrameLimits.header + reading.length
            guard rest.count >= size else { break }
            if case .frame(let header) = reading {
                try frame(header, UnsafeRawBufferPointer(rebasing: rest[FrameLimits.header..<size]))
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[size...])
        }
        tail.append(contentsOf: rest)
    }

    /// Fills the tail up to `size` bytes; false when the chunk has not enough.
    private mutating func take(upTo size: Int, from rest: inout UnsafeRawBufferPointer) -> Bool {
        let wanted = min(max(size - tail.count, 0), rest.count)
        tail.append(contentsOf: rest[..<wanted])
        rest = UnsafeRawBufferPointer(rebasing: rest[wanted...])
        return tail.count >= size
    }
}

extension FrameHeader.Reading {
    var length: Int {
        switch self {
        case .frame(let header): header.length
        case .skip(let length): length
        }
    }
}
