import Synchronization

extension StreamingOutput {
    /// Runs the stream outside a worker to its end, and answers all that it wrote:
    ///
    ///     let bytes = try await function.handle(input, .test()).bytes()
    ///
    /// Throws what the stream throws, and `StreamFault` where `contentLength` does not hold.
    public func bytes() async throws -> [UInt8] {
        var all: [UInt8] = []
        let parts = try await parts()
        all.reserveCapacity(parts.reduce(0) { $0 + $1.count })
        for part in parts { all += part }
        return all
    }

    /// As `bytes`, each part as it was written. With `limit`, the stream is cancelled once it has written so many, as it
    /// is when a client goes away; that it throws `CancellationError` then is its orderly end.
    public func parts(limit: Int = .max) async throws -> [[UInt8]] {
        let sink = TestSink(announced: stream.contentLength, limit: limit)
        do {
            try await stream.body(ByteWriter(sink: sink))
            try sink.finish()
        } catch is CancellationError where sink.isFull {
            // The stream was stopped here, and noticed.
        }
        return sink.parts
    }
}

/// Keeps what a stream under test writes.
private final class TestSink: StreamSink {
    private let kept = Mutex<[[UInt8]]>([])
    private let announced: Int?
    private let limit: Int

    init(announced: Int?, limit: Int) {
        self.announced = announced
        self.limit = limit
    }

    var parts: [[UInt8]] { kept.withLock { $0 } }
    var isFull: Bool { parts.count >= limit }
    private var written: Int { parts.reduce(0) { $0 + $1.count } }

    func begin() throws {}

    func write(_ bytes: [UInt8]) throws -> Bool {
        guard !isFull else { throw CancellationError() }
        if let announced, written + bytes.count > announced { throw StreamFault.tooLong(announced: announced) }
        if !bytes.isEmpty { kept.withLock { $0.append(bytes) } }
        return !isFull
    }

    nonisolated(nonsending) func waitForRoom() async throws { throw CancellationError() }

    func finish() throws {
        guard let announced, written < announced else { return }
        throw StreamFault.tooShort(announced: announced, missing: announced - written)
    }
}
