import HTTPServing
import JSONCoding
import Manifests
import Synchronization
import Workers

/// Writes `/status` and `/workers` from what the pools tell.
final class StatusJSON: StatusSource {
    private let manifest: Manifest
    private let gateway: RunningGateway
    private let front: HTTPServer
    private let refusals: RefusalCounts
    private let started = ContinuousClock.now
    private let addresses = Mutex<[ListenEndpoint]>([])

    init(manifest: Manifest, gateway: RunningGateway, front: HTTPServer, refusals: RefusalCounts) {
        self.manifest = manifest
        self.gateway = gateway
        self.front = front
        self.refusals = refusals
    }

    /// The server listens there, from now on.
    func listens(on endpoints: [ListenEndpoint]) { addresses.withLock { $0 = endpoints } }

    func status(loop: Int, _ answer: @escaping @Sendable ([UInt8]) -> Void) {
        ask(loop) { pools in answer(self.statusJSON(pools)) }
    }

    func workers(loop: Int, _ answer: @escaping @Sendable ([UInt8]) -> Void) {
        ask(loop) { pools in answer(Self.workersJSON(pools)) }
    }

    /// Asks the pools, and comes back on the event loop of the request.
    private func ask(_ loop: Int, _ body: @escaping @Sendable ([PoolStatus]) -> Void) {
        let gateway = gateway
        Task {
            let pools = await gateway.pools.status()
            gateway.loops[loop].execute { body(pools) }
        }
    }

    private func statusJSON(_ pools: [PoolStatus]) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("name")
        json.string(manifest.name)
        json.key("version")
        json.string(Release.version)
        json.key("listen")
        json.beginArray()
        for address in addresses.withLock({ $0 }) { json.string(address.description) }
        json.endArray()
        json.key("generation")
        json.integer(1)
        json.key("uptimeSeconds")
        json.double(InvocationOutcome.milliseconds(started.duration(to: .now)).rounded() / 1000)
        json.key("connections")
        json.integer(front.openConnections)
        json.key("requests")
        json.integer(front.requests)
        json.key("refusals")
        json.beginObject()
        for (reason, count) in refusals.all {
            json.key(reason)
            json.integer(count)
        }
        json.endObject()
        if let database = gateway.connections {
            json.key("database")
            json.beginObject()
            json.key("limit")
            json.integer(database.limit)
            json.key("leased")
            json.integer(database.leased)
            json.key("waiting")
            json.integer(database.waiting)
            json.endObject()
        }
        json.key("functions")
        json.beginArray()
        for (function, pool) in zip(manifest.functions, pools) { write(function, pool, &json) }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    private static func workersJSON(_ pools: [PoolStatus]) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("workers")
        json.beginArray()
        for pool in pools {
            for worker in pool.workers { write(worker, of: pool.function, &json) }
        }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    private func write(_ function: FunctionSettings, _ pool: PoolStatus, _ json: inout JSONWriter) {
        json.beginObject()
        json.key("name")
        json.string(function.name.rawValue)
        json.key("routes")
        json.beginArray()
        for route in function.routes { json.string("\(route.method) \(manifest.server.prefix)\(route.path)") }
        json.endArray()
        json.key("version")
        json.string(function.version)
        json.key("workers")
        json.beginObject()
        let starting = pool.workers.count { $0.state == .starting }
        let ready = pool.workers.count { $0.state == .ready || $0.state == .busy }
        json.key("starting")
        json.integer(starting)
        json.key("ready")
        json.integer(ready)
        json.key("stopping")
        json.integer(pool.workers.count - starting - ready)
        json.endObject()
        json.key("inFlight")
        json.integer(pool.inFlight)
        json.key("queued")
        json.integer(pool.queued)
        json.key("invocations")
        json.integer(pool.latency.total)
        json.key("coldStarts")
        json.integer(pool.coldStarts)
        json.key("crashes")
        json.integer(pool.crashes)
        for (name, share) in [("p50", 0.5), ("p99", 0.99)] {
            json.key(name)
            if let value = pool.latency.percentile(share) { json.double(value) } else { json.null() }
        }
        json.endObject()
    }

    private static func write(_ worker: WorkerStatus, of function: String, _ json: inout JSONWriter) {
        json.beginObject()
        json.key("function")
        json.string(function)
        json.key("number")
        json.integer(worker.number)
        json.key("pid")
        json.integer(worker.pid)
        json.key("state")
        json.string(worker.state.rawValue)
        json.key("inFlight")
        json.integer(worker.inFlight)
        json.key("handled")
        json.integer(worker.handled)
        json.endObject()
    }
}
