import NIOCore
import WireProtocol

/// The client of an invocation from the command line: sends the body, and keeps the one response until it is asked for.
///
/// `@unchecked Sendable`: everything is touched on `loop` only.
final class ResponseCapture: Responder, @unchecked Sendable {
    private let loop: any EventLoop
    private let body: [UInt8]
    private let output: (@Sendable ([UInt8]) -> Void)?
    private let promise: EventLoopPromise<OutgoingResponse>
    private var receiver: (any RequestReceiver)?
    private var sent = 0
    private var isSending = false
    private var head: OutgoingResponse?
    private var isDone = false
    /// Whether the response came to its end; to be asked once it is there.
    private(set) var isWhole = true

    /// A client whose request has that body; what is streamed goes to `output`, or without one into the response.
    init(on loop: any EventLoop, body: [UInt8], output: (@Sendable ([UInt8]) -> Void)?) {
        self.loop = loop
        self.body = body
        self.output = output
        promise = loop.makePromise()
    }

    /// Sends the body as it is asked for; on the loop.
    func run(_ accept: () -> BodyPlan) {
        switch accept() {
        case .answered: break
        case .gather(let limit, let receiver):
            if body.count > limit { receiver.failed(.bodyTooLarge) } else { receiver.gathered(body) }
        case .stream(let limit, let receiver):
            self.receiver = receiver
            if body.count > limit { receiver.failed(.bodyTooLarge) }
        }
    }

    /// Waits for the response; without a body where that was streamed to `output`.
    func response() async -> OutgoingResponse {
        do {
            return try await promise.futureResult.get()
        } catch {
            // The promise never fails.
            return OutgoingResponse(status: Status(500))
        }
    }

    func readBody() {
        guard let receiver, !isSending else { return }
        isSending = true
        defer { isSending = false }
        while sent < body.count {
            let part = sent..<min(sent + 16 * 1024, body.count)
            sent = part.upperBound
            let wantsMore = body.withUnsafeBytes { receiver.bodyPart(UnsafeRawBufferPointer(rebasing: $0[part])) }
            if !wantsMore, sent < body.count { return }
        }
        self.receiver = nil
        receiver.bodyEnded()
    }

    func respond(_ response: OutgoingResponse) {
        guard head == nil else { return }
        head = response
        promise.succeed(response)
    }

    func begin(_ status: Status, _ headers: HeaderList, contentLength: Int?) {
        guard head == nil else { return }
        head = OutgoingResponse(status: status, headers: headers)
    }

    func write(_ bytes: [UInt8]) -> Bool {
        if let output { output(bytes) } else { head?.body.append(contentsOf: bytes) }
        return true
    }

    func finish() { end() }

    func abort() {
        isWhole = false
        end()
    }

    func whenWritable(_ callback: @escaping @Sendable () -> Void) { callback() }

    private func end() {
        guard let head, !isDone else { return }
        isDone = true
        promise.succeed(head)
    }
}
