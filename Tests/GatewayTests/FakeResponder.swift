import Synchronization
import WireProtocol

/// Keeps the responses that it is given; more than one would be a fault. One that is streamed is kept as what happened.
final class FakeResponder: Responder {
    enum Event: Equatable {
        case began(Status, contentLength: Int?)
        case wrote([UInt8])
        case finished
        case aborted
        case readOn
    }
    private struct State {
        var responses: [OutgoingResponse] = []
        var events: [Event] = []
        var headers = HeaderList()
        var isWritable = true
        var waiting: (@Sendable () -> Void)?
    }
    private let state = Mutex(State())

    var responses: [OutgoingResponse] { state.withLock { $0.responses } }
    /// What was streamed.
    var events: [Event] { state.withLock { $0.events } }
    /// The header fields of what was streamed.
    var headers: HeaderList { state.withLock { $0.headers } }

    func respond(_ response: OutgoingResponse) { state.withLock { $0.responses.append(response) } }

    func begin(_ status: Status, _ headers: HeaderList, contentLength: Int?) {
        state.withLock {
            $0.headers = headers
            $0.events.append(.began(status, contentLength: contentLength))
        }
    }

    func write(_ bytes: [UInt8]) -> Bool {
        state.withLock {
            $0.events.append(.wrote(bytes))
            return $0.isWritable
        }
    }

    func finish() { state.withLock { $0.events.append(.finished) } }
    func abort() { state.withLock { $0.events.append(.aborted) } }
    func readBody() { state.withLock { $0.events.append(.readOn) } }
    func whenWritable(_ callback: @escaping @Sendable () -> Void) { state.withLock { $0.waiting = callback } }

    /// The client reads, or does not; where it does again, who waits for that is told.
    func setWritable(_ isWritable: Bool) {
        let waiting = state.withLock { state in
            state.isWritable = isWritable
            defer { if isWritable { state.waiting = nil } }
            return isWritable ? state.waiting : nil
        }
        waiting?()
    }
}
