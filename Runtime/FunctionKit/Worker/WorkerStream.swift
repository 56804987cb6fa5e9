import WorkerLoop

/// One streamed answer as the handler's writer sees it.
///
/// `@unchecked Sendable`: touched only by the thread that runs the loop, but for the cancellation of a wait, which comes
/// there as a message.
final class WorkerStream: StreamSink, @unchecked Sendable {
    let id: StreamID
    private let head: Reply
    private let announced: Int?
    private let host: any StreamHost
    private(set) var hasBegun = false
    private(set) var isOver = false
    private var written = 0
    private var waiters: [UnsafeContinuation<Void, Never>] = []
    /// When something was last written.
    private(set) var lastWrite = LoopInstant.now
    var keepAlive: LoopTimer?

    init(_ id: StreamID, _ stream: ByteStream, host: any StreamHost) {
        self.id = id
        head = Reply(status: stream.status, headers: stream.headers)
        announced = stream.contentLength
        self.host = host
    }

    func begin() throws {
        guard !hasBegun else { return }
        guard !isOver else { throw StreamFault.ended }
        guard host.begin(id, head, length: announced) else {
            throw APIError(.internalError, cause: "the stream's headers are over 256 KiB")
        }
        hasBegun = true
    }

    func write(_ bytes: [UInt8]) throws -> Bool {
        guard !isOver else { throw StreamFault.ended }
        if let announced, written + bytes.count > announced { throw StreamFault.tooLong(announced: announced) }
        guard !bytes.isEmpty else { return true }
        try begin()
        written += bytes.count
        lastWrite = host.loop.now()
        return host.send(bytes, on: self)
    }

    nonisolated(nonsending) func waitForRoom() async throws {
        while !isOver, !host.hasRoom(self) {
            try Task.checkCancellation()
            await withTaskCancellationHandler {
                await withUnsafeContinuation { waiters.append($0) }
            } onCancel: {
                // As a message: the wait may not have begun.
                host.loop.post { self.wake() }
            }
        }
        try Task.checkCancellation()
    }

    /// Ends the body. Throws when it is shorter than announced.
    func finish() throws {
        if let announced, written < announced {
            throw StreamFault.tooShort(announced: announced, missing: announced - written)
        }
        try begin()
        isOver = true
        host.finish(id)
    }

    /// Nothing may be written any more.
    func end() {
        isOver = true
        wake()
    }

    /// Lets all who wait for room look again.
    func wake() {
        guard !waiters.isEmpty else { return }
        let woken = waiters
        waiters = []
        for waiter in woken { waiter.resume() }
    }
}

/// What a streamed answer needs of the worker's shell.
protocol StreamHost: AnyObject, Sendable {
    var loop: WorkerLoop { get }
    /// Sends the head; false when it is too long.
    func begin(_ stream: StreamID, _ head: Reply, length: Int?) -> Bool
    /// Queues bytes; false when there is no room for more.
    func send(_ bytes: [UInt8], on stream: WorkerStream) -> Bool
    func hasRoom(_ stream: WorkerStream) -> Bool
    func finish(_ stream: StreamID)
}
