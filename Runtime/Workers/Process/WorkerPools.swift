import WireProtocol

/// The pools of one generation, each at its function's place: what the gateway invokes.
///
/// The table never changes; the next generation has one of its own, which may share pools with this one.
public final class WorkerPools: Invoker {
    /// The pools; a pool's place is its function's id.
    public let pools: [Pool]
    private let ports: [LoopPort]

    /// A table of these pools, which must all be of one host.
    public init(_ pools: [Pool], host: WorkerHost) {
        self.pools = pools
        ports = host.ports
    }

    /// Starts the `min` workers of every pool; returns at once.
    public func start() { for pool in pools { pool.start() } }

    /// Closes every pool at the same time; returns once the last process is reaped.
    public func stop(grace: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            for pool in pools { group.addTask { await pool.close(grace: grace) } }
        }
    }

    /// Hands over an invocation; see `Invoker`. Must be called on the event loop of that index. A function that the
    /// table does not have fails with `FUNCTION_UNAVAILABLE`.
    public func invoke(
        _ function: FunctionID, _ invocation: consuming Invocation, loop: Int, into sink: any ReplySink
    ) -> InvocationTicket {
        let port = ports[loop]
        guard pools.indices.contains(function.index) else {
            let pending = PendingInvocation(invocation, sink: sink, loop: loop)
            port.post(.failed(pending, PoolFailure.closed.error(cause: "the function is not in the table"), nil))
            return InvocationTicket(function: function, serial: 0)
        }
        return pools[function.index].invoke(function, invocation, port, sink)
    }

    /// Drops or cancels an invocation; see `Invoker`. Must be called on the event loop of that index.
    public func cancel(_ ticket: InvocationTicket, loop: Int) {
        guard ticket.serial != 0, pools.indices.contains(ticket.function.index) else { return }
        pools[ticket.function.index].cancel(ticket, ports[loop])
    }

    /// The state of every pool, in the table's order. Asks each worker for its own count, and waits for the answers
    /// `within` so long.
    public func status(within time: Duration = .milliseconds(100)) async -> [PoolStatus] {
        await withTaskGroup(of: (Int, PoolStatus).self) { group in
            for (place, pool) in pools.enumerated() { group.addTask { (place, await pool.status(within: time)) } }
            var found: [Int: PoolStatus] = [:]
            for await (place, status) in group { found[place] = status }
            return pools.indices.compactMap { found[$0] }
        }
    }
}
