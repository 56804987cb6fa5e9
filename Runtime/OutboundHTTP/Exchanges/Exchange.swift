import Glibc
import WorkerLoop

/// From a request to its answer: sends, waits, follows redirects and sends again, as `Hop` and `RetryMachine` say.
///
/// `@unchecked Sendable`: touched only on the loop's thread, but for its making.
final class Exchange: @unchecked Sendable {
    private let request: HTTPRequest
    private let delivery: Transfer.Delivery
    private let client: HTTPClient
    private let loop: WorkerLoop
    private let engine: CurlEngine
    private let scope: (any InvocationScope)?
    private let deadline: LoopInstant
    private var feed: BodyFeed?
    private var transfer: Transfer?

    /// An exchange in the context of the calling task.
    init(_ request: HTTPRequest, delivery: Transfer.Delivery, client: HTTPClient) {
        self.request = request
        self.delivery = delivery
        self.client = client
        loop = client.loop
        engine = delivery == .streamed || request.body.isStream ? client.streams : client.requests
        scope = CurrentInvocation.scope
        let own = client.loop.now().advanced(by: request.timeout)
        deadline = scope.map { min(own, $0.deadline) } ?? own
    }

    /// Answers with the transfer that brought the answer: complete, or its head when it is streamed.
    func run() async throws -> Transfer {
        try request.check()
        var hop = try Hop(request)
        if case .stream(let length, let produce) = request.body.content {
            feed = BodyFeed(loop: loop, length: length, produce)
        }
        var retries = RetryMachine(
            policy: request.retries, mayBeRepeated: request.mayBeRepeated, deadline: deadline)
        while true {
            let (outcome, failure): (RetryMachine.Outcome, HTTPClientError?)
            switch try await step(hop) {
            case .redirected(let next):
                hop = next
                continue
            case .answered(let head):
                (outcome, failure) = (.answered(status: head.status, retryAfter: Self.retryAfter(head)), nil)
            case .failed(let error):
                (outcome, failure) = (.failed(error.kind, isSent: error.mayHaveBeenSent), error)
            }
            let decision = retries.ended(
                outcome, hasBodyBegun: hasBodyBegun, at: loop.now(), jitter: .random(in: 0..<1))
            switch decision {
            case .end:
                if let failure { throw failure }
                guard let transfer else { throw HTTPClientError(.closed, "The request has ended") }
                return transfer
            case .retry(let pause):
                giveUp()
                try await loop.pause(pause)
            }
        }
    }

    /// Ends what is under way, and waits for the streamed body's producer.
    func close() async {
        giveUp()
        await feed?.close()
    }

    /// What came of one request to one server.
    private enum Step {
        case redirected(Hop)
        case answered(AnswerHead)
        case failed(HTTPClientError)
    }

    private func step(_ hop: Hop) async throws -> Step {
        do {
            let head = try await send(hop).head
            let next = try hop.following(
                status: head.status, location: head.headers["location"], hasBodyBegun: hasBodyBegun)
            guard let next else { return .answered(head) }
            giveUp()
            return .redirected(next)
        } catch let error as HTTPClientError {
            return .failed(error)
        }
    }

    private var hasBodyBegun: Bool { feed?.outbox.hasBegun ?? false }

    private func send(_ hop: Hop) async throws -> Transfer {
        let now = loop.now()
        guard now < deadline else { throw HTTPClientError(.timedOut, "There is no time left for the request") }
        let connecting = min(request.connectTimeout, now.duration(to: deadline))
        // Through a proxy only the proxy's name is looked up here.
        let resolution = try await client.names.resolution(of: client.proxy ?? hop.address, within: connecting)
        try Task.checkCancellation()
        let found = loop.now()
        let left = found.duration(to: deadline)
        guard left > .zero else { throw HTTPClientError(.timedOut, "The request took too long") }
        var hop = hop
        if let scope, request.passesTrace {
            hop.headers = InvocationHeaders.added(
                to: hop.headers, from: scope, parentID: .random(in: 1 ... .max))
        }
        let transfer = Transfer(
            loop: loop, hop: hop, request: request, resolution: resolution, timeout: left,
            // What the look-up has left of it.
            connectTimeout: max(.milliseconds(1), connecting - now.duration(to: found)), delivery: delivery,
            feed: hop.body.isStream ? feed : nil)
        self.transfer = transfer
        try await transfer.run(on: engine)
        return transfer
    }

    /// Ends the transfer whose answer nobody wants; a body that has come already leaves its connection usable.
    private func giveUp() {
        guard let transfer else { return }
        engine.end(transfer, .failure(HTTPClientError(.closed, "The answer is no longer read")))
        self.transfer = nil
    }

    private static func retryAfter(_ head: AnswerHead) -> Duration? {
        head.headers["retry-after"].flatMap { RetryAfter.parse($0, now: time(nil)) }
    }
}
