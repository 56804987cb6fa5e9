import CLibCurl
import WorkerLoop

/// One request on its way to one server, and what has come of its answer.
///
/// `@unchecked Sendable`: touched only on the loop's thread, but for its making.
final class Transfer: @unchecked Sendable {
    /// How the caller takes the body: whole when it is complete, or while it comes.
    enum Delivery: Sendable {
        case whole
        case streamed
    }

    typealias Waiting = CheckedContinuation<Void, any Error>

    /// How many bytes of a streamed body wait for their reader.
    static let streamCapacity = 64 << 10

    let loop: WorkerLoop
    let hop: Hop
    let resolution: String?
    let timeout: Duration
    let connectTimeout: Duration
    let mayBeRepeated: Bool
    let delivery: Delivery
    let feed: BodyFeed?
    /// The engine and its handle while the transfer runs.
    weak var engine: CurlEngine?
    var easy: UnsafeMutableRawPointer?
    /// Ends the transfer when its time has passed. libcurl's own timeout does not count while a transfer waits for one
    /// of the connections to its host (7.88).
    var timer: LoopTimer?
    /// Lists that libcurl reads while the transfer runs.
    var lists: [UnsafeMutablePointer<curl_slist>] = []

    private(set) var head = AnswerHead()
    private(set) var inbox: BodyInbox
    /// How often the request was begun on a connection.
    private(set) var sendings = 0
    /// Why a callback gave up.
    private(set) var refusal: HTTPClientError?
    private(set) var end: Result<Void, any Error>?
    private var start: Waiting?
    private var reader: Waiting?

    init(
        loop: WorkerLoop, hop: Hop, request: HTTPRequest, resolution: String?, timeout: Duration,
        connectTimeout: Duration, delivery: Delivery, feed: BodyFeed?
    ) {
        self.loop = loop
        self.hop = hop
        self.resolution = resolution
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        mayBeRepeated = request.mayBeRepeated
        self.delivery = delivery
        self.feed = feed
        inbox = BodyInbox(
            limit: request.maximumBody, capacity: delivery == .streamed ? Self.streamCapacity : .max)
    }

    /// Whether the server may have got something of the request.
    var mayHaveBeenSent: Bool { sendings > 0 }

    // MARK: For those who wait

    /// Sends the request on the engine, and waits for the answer: all of it, or its head when it is streamed.
    func run(on engine: CurlEngine) async throws {
        feed?.transfer = self
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                start = continuation
                engine.start(self)
                // The handler may have run before there was anything to cancel.
                if Task.isCancelled { engine.cancel(self) }
            }
        } onCancel: {
            cancel(on: engine)
        }
    }

    /// Ends the transfer from any thread; one that has ended already is left as it is.
    func cancel(on engine: CurlEngine) {
        loop.post { [self] in engine.cancel(self) }
    }

    /// The bytes that have come, waiting for some; nil at the end.
    func nextChunk() async throws -> [UInt8]? {
        while true {
            try Task.checkCancellation()
            let (bytes, resumes) = inbox.take()
            if resumes { resume() }
            if !bytes.isEmpty { return bytes }
            if let end {
                try end.get()
                return nil
            }
            guard reader == nil else {
                throw HTTPClientError(.closed, "The answer's body has another reader", mayHaveBeenSent: true)
            }
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    reader = continuation
                    if Task.isCancelled { wakeReader(.failure(CancellationError())) }
                }
            } onCancel: {
                loop.post { [self] in wakeReader(.failure(CancellationError())) }
            }
        }
    }

    /// All of the body that has come.
    func takeBody() -> [UInt8] { inbox.take().bytes }

    // MARK: From libcurl and its engine

    /// A request is about to be written; false when it must not be again. libcurl does so by itself when a connection
    /// that was used before breaks without an answer, and then the server may have got it.
    func begin() -> Bool {
        sendings += 1
        return sendings == 1 || mayBeRepeated && !(feed?.outbox.hasBegun ?? false)
    }

    /// Takes one line of the head; false ends the transfer.
    func receive(headLine line: UnsafeBufferPointer<UInt8>) -> Bool {
        switch head.read(line) {
        case .more: return true
        case .malformed:
            refuse(.malformedAnswer, "The answer's head is malformed")
            return false
        case .tooLarge:
            refuse(.tooLarge, "The answer's headers are too large")
            return false
        case .complete:
            if let length = head.length, hop.method != "HEAD", head.status != 304 {
                guard length <= inbox.limit else {
                    refuse(.tooLarge, "The answer is too large")
                    return false
                }
                inbox.expect(length)
            }
            if delivery == .streamed { wakeStart(.success(())) }
            return true
        }
    }

    /// Takes a part of the body.
    func receive(body part: UnsafeBufferPointer<UInt8>) -> BodyInbox.Receipt {
        let receipt = inbox.receive(part)
        switch receipt {
        case .kept: wakeReader(.success(()))
        case .later: break
        case .tooLarge: refuse(.tooLarge, "The answer is too large")
        }
        return receipt
    }

    /// The transfer has ended; nothing that comes later counts.
    func finish(_ result: Result<Void, any Error>) {
        guard end == nil else { return }
        end = result
        wakeStart(result)
        wakeReader(.success(()))
    }

    /// Ends the transfer.
    func fail(_ error: any Error) { engine?.end(self, .failure(error)) }

    /// Lets libcurl go on with whatever is no longer held back.
    func resume() {
        guard let easy else { return }
        // It may call back from inside: nothing is under way here.
        clibcurl_pause(easy, inbox.isPaused, feed?.outbox.isPaused ?? false)
    }

    private func refuse(_ kind: HTTPClientError.Kind, _ message: String) {
        refusal = HTTPClientError(kind, message, mayHaveBeenSent: true)
    }

    private func wakeStart(_ result: Result<Void, any Error>) {
        guard let waiting = start else { return }
        start = nil
        waiting.resume(with: result)
    }

    private func wakeReader(_ result: Result<Void, any Error>) {
        guard let waiting = reader else { return }
        reader = nil
        waiting.resume(with: result)
    }
}
