import WireProtocol

/// What is to be done on one event loop, possibly by order of another one.
enum LoopMessage: Sendable {
    /// Start the worker's process.
    case launch(WorkerLink)
    /// Write an invocation.
    case dispatch(WorkerLink, InvocationKey, PendingInvocation, milliseconds: UInt32)
    /// Write CANCEL.
    case cancel(WorkerLink, InvocationKey, CancelFrame.Reason)
    /// Write PING.
    case ping(WorkerLink)
    /// Write DRAIN.
    case drain(WorkerLink)
    /// Write what the budget of connections decided.
    case lease(WorkerLink, LeaseOrder)
    /// Tell the budget of connections, on its own loop.
    case leaseEvent(ConnectionBroker, LeaseEvent, WorkerLink)
    /// Tell the caller.
    case reply(PendingInvocation, Reply, WorkerStamp)
    /// Tell the caller.
    case failed(PendingInvocation, APIError, WorkerStamp?)
    /// Pass a part of a body on.
    case stream(InvocationStream, StreamMessage)

    /// The loop on which it is to be done.
    var loop: Int {
        switch self {
        case .launch(let link), .dispatch(let link, _, _, _), .cancel(let link, _, _), .ping(let link),
            .drain(let link), .lease(let link, _):
            link.port.index
        case .leaseEvent(let broker, _, _): broker.home.index
        case .reply(let pending, _, _), .failed(let pending, _, _): pending.loop
        case .stream(let stream, let part): part.isAnswer ? stream.pending.loop : stream.link.port.index
        }
    }

    /// Does it; on its loop.
    func perform() {
        switch self {
        case .launch(let link): link.launch()
        case .dispatch(let link, let key, let pending, let milliseconds): link.send(key, pending, milliseconds)
        case .cancel(let link, let key, let reason): link.cancel(key, reason)
        case .ping(let link): link.ping()
        case .drain(let link): link.drain()
        case .lease(let link, let order): link.write(order)
        case .leaseEvent(let broker, let event, let link): broker.happened(event, to: link)
        case .reply(let pending, let reply, let stamp): pending.sink.reply(reply, from: stamp)
        case .failed(let pending, let error, let stamp): pending.sink.failed(error, from: stamp)
        case .stream(let stream, let part): part.perform(stream)
        }
    }

    /// Whether it calls out of this module.
    var isAnswer: Bool {
        switch self {
        case .reply, .failed: true
        case .stream(_, let part): part.isAnswer
        case .launch, .dispatch, .cancel, .ping, .drain, .lease, .leaseEvent: false
        }
    }
}
