import Synchronization
import WireProtocol

/// Keeps the responses that it is given; more than one would be a fault.
final class FakeResponder: Responder {
    private let state = Mutex<[OutgoingResponse]>([])

    var responses: [OutgoingResponse] { state.withLock { $0 } }

    func respond(_ response: OutgoingResponse) { state.withLock { $0.append(response) } }
    func begin(_ status: Status, _ headers: HeaderList, contentLength: Int?) {}
    func write(_ bytes: [UInt8]) -> Bool { true }
    func finish() {}
    func abort() {}
    func whenWritable(_ callback: @escaping @Sendable () -> Void) { callback() }
}
