import Synchronization
import WireProtocol

@testable import Gateway

/// Remembers what it is asked, and answers when the test says so.
final class FakeInvoker: Invoker {
    struct Call: Sendable {
        let function: FunctionID
        let invocation: Invocation
        let loop: Int
        let sink: any ReplySink
    }

    static let worker = WorkerStamp(number: 3, pid: 4711, coldStart: true)
    private let state = Mutex<(calls: [Call], cancelled: [InvocationTicket])>(([], []))

    var calls: [Call] { state.withLock { $0.calls } }
    var cancelled: [InvocationTicket] { state.withLock { $0.cancelled } }

    func invoke(
        _ function: FunctionID, _ invocation: Invocation, loop: Int, into sink: any ReplySink
    ) -> InvocationTicket {
        state.withLock { state in
            state.calls.append(Call(function: function, invocation: invocation, loop: loop, sink: sink))
            return InvocationTicket(function: function, serial: UInt64(state.calls.count))
        }
    }

    func cancel(_ ticket: InvocationTicket, loop: Int) {
        state.withLock { $0.cancelled.append(ticket) }
    }
}
