import Synchronization
import WireProtocol

/// A worker's side of bodies that pass through.
final class FakeFlow: InvocationFlow {
    private struct State {
        var sent: [UInt8] = []
        var isEnded = false
        var consumed: [Int] = []
    }
    private let state = Mutex(State())

    /// What was sent of the request's body.
    var sent: [UInt8] { state.withLock { $0.sent } }
    /// Whether the request's body has ended.
    var isEnded: Bool { state.withLock { $0.isEnded } }
    /// What was passed on of the reply's body.
    var consumed: [Int] { state.withLock { $0.consumed } }

    func send(_ bytes: UnsafeRawBufferPointer, isEnd: Bool) {
        let bytes = [UInt8](bytes)
        state.withLock { state in
            state.sent += bytes
            if isEnd { state.isEnded = true }
        }
    }

    func consumed(_ count: Int) { state.withLock { $0.consumed.append(count) } }
}
