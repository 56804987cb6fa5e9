/// Cuts a stream of bytes into frames, in place where a chunk holds them whole.
///
/// A DATA frame is handed over in parts as it comes, each as a frame of its own, of which only the last one may have END:
/// where a sender cuts a body means nothing, and so nothing of a body is held back or copied. Of other frames it holds
/// one unfinished at most, so 256 KiB and a header. After it has thrown, it throws the same again.
public struct FrameParser: Sendable {
    private var tail: [UInt8] = []
    private var failure: FrameError?

    /// The DATA frame that has begun; its length is what is still to come, and that is more than 0. Nil between frames,
    /// and within others.
    private(set) var openData: FrameHeader?

    /// A parser before the first byte.
    public init() {}

    /// What came of the frame that is not whole yet.
    var buffered: [UInt8] { tail }

    /// Whether the bytes so far end within a frame.
    public var isMidFrame: Bool { !tail.isEmpty || openData != nil }

    /// Calls `frame` with each frame that is complete, and with each part of DATA; the payload is valid only during the
    /// call.
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
            openData = nil
            throw error
        }
    }

    /// Counts bytes of the open DATA frame. Answers the header of the part that they are; nil when there are none.
    private mutating func passed(_ count: Int) -> FrameHeader? {
        guard var rest = openData, count > 0 else { return nil }
        var part = rest
        part.length = count
        rest.length -= count
        if rest.length > 0 {
            part.flags.remove(.end)
            openData = rest
        } else {
            openData = nil
        }
        return part
    }

    private mutating func cut(
        _ chunk: UnsafeRawBufferPointer,
        _ frame: (FrameHeader, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var rest = chunk
        if openData != nil { try pass(&rest, frame) }
        if !tail.isEmpty {
            guard take(upTo: FrameLimits.header, from: &rest) else { return }
            let reading = try tail.withUnsafeBytes { (bytes) throws(FrameError) in try FrameHeader.read(bytes) }
            if case .frame(let header) = reading, header.type == .data {
                tail.removeAll(keepingCapacity: true)
                try begin(header, &rest, frame)
            } else {
                guard take(upTo: FrameLimits.header + reading.length, from: &rest) else { return }
                if case .frame(let header) = reading {
                    try tail.withUnsafeBytes { bytes in
                        try frame(header, UnsafeRawBufferPointer(rebasing: bytes[FrameLimits.header...]))
                    }
                }
                tail.removeAll(keepingCapacity: tail.capacity <= FrameParser.kept)
            }
        }
        while rest.count >= FrameLimits.header {
            let reading = try FrameHeader.read(rest)
            if case .frame(let header) = reading, header.type == .data {
                rest = UnsafeRawBufferPointer(rebasing: rest[FrameLimits.header...])
                try begin(header, &rest, frame)
                continue
            }
            let size = FrameLimits.header + reading.length
            guard rest.count >= size else { break }
            if case .frame(let header) = reading {
                try frame(header, UnsafeRawBufferPointer(rebasing: rest[FrameLimits.header..<size]))
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[size...])
        }
        tail.append(contentsOf: rest)
    }

    /// The capacity that the empty tail keeps at most.
    private static let kept = 32 * 1024

    private mutating func begin(
        _ header: FrameHeader, _ rest: inout UnsafeRawBufferPointer,
        _ frame: (FrameHeader, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        guard header.length > 0 else { return try frame(header, UnsafeRawBufferPointer(rebasing: rest[..<0])) }
        openData = header
        try pass(&rest, frame)
    }

    /// Hands over what there is of the open DATA frame.
    private mutating func pass(
        _ rest: inout UnsafeRawBufferPointer, _ frame: (FrameHeader, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let payload = UnsafeRawBufferPointer(rebasing: rest[..<min(openData?.length ?? 0, rest.count)])
        guard let part = passed(payload.count) else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest[payload.count...])
        try frame(part, payload)
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
