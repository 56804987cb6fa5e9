// Gateway decides what becomes of a request, without sockets: where it leads, whether it is let in, what the worker
// is asked, and what the client is sent.
//
// It knows: the manifest's routes and policies, the HTTP conventions, the invocation and the reply. It must not know:
// connections, TLS, processes, pools, files. The front door calls it with a request's head and its body, it calls an
// `Invoker`, and the answer leaves through a `Responder`, all on the connection's event loop.

import Synchronization
import WireProtocol

/// The way of one request, stage by stage. Each stage takes what the one before it returned and throws `APIError`, so
/// that a wrong order does not compile and every failure leaves by the one error envelope.
///
///     head ── locate ──> LocatedRequest ── authenticate ──> AuthenticatedRequest ── admit ──> AdmittedRequest
///          ── prepare ──> PreparedRequest ── (a cache hit answers here)
///     body ── checked ──> (cache and idempotency key may hold it back) ── invocation ──> Invocation ── Invoker
///     Reply ── shape ──> OutgoingResponse ── conclude ── deliver ──> the client
public final class RequestPipeline: RequestHandler {
    /// What is served at present, and how often that has changed.
    private struct Present {
        var generation: GatewayGeneration
        var number: UInt64
    }

    private let clock: GatewayClock
    private let observer: (any RequestObserver)?
    private let health: (any HealthSource)?
    /// For what is refused before there is a request.
    private let errors: ErrorAnswers
    private let present: Mutex<Present>
    /// `Present.number`, to be read without the lock.
    private let number = Atomic<UInt64>(1)
    private let loops: [LoopCell]

    /// A pipeline that serves this generation.
    ///
    /// - Parameters:
    ///   - generation: what is served until `replace`.
    ///   - loops: how many event loops there are; `IncomingRequest.loop` is below it.
    ///   - clock: the time.
    ///   - observer: hears of requests; nil: nobody does.
    ///   - health: answers `/health`; nil: always healthy and ready.
    public init(
        _ generation: GatewayGeneration, loops: Int, clock: GatewayClock = .system,
        observer: (any RequestObserver)? = nil, health: (any HealthSource)? = nil
    ) {
        self.clock = clock
        self.observer = observer
        self.health = health
        errors = ErrorAnswers(clock: clock)
        present = Mutex(Present(generation: generation, number: 1))
        self.loops = (0..<max(1, loops)).map { _ in
            LoopCell(LoopSnapshot(generation, clock: clock, observer: observer, health: health), number: 1)
        }
    }

    /// Serves another generation: requests that begin from now on are decided by it, the others end by their own.
    /// May be called from any thread.
    public func replace(by generation: GatewayGeneration) {
        present.withLock { present in
            present.generation = generation
            present.number += 1
            // Under the lock, so that of two calls at once the later one's number stays.
            number.store(present.number, ordering: .releasing)
        }
    }

    /// Takes a request's head through the first stages.
    public func accept(_ request: consuming IncomingRequest, _ responder: any Responder) -> BodyPlan {
        guard let loop = snapshot(request.loop) else {
            responder.respond(errors.response(to: APIError(.internalError), id: errors.requestID()))
            return .answered
        }
        let fields = HeaderIndex(request.headers, versionHeader: loop.generation.versionHeader)
        let exchange = Exchange(request, responder, fields, loop)
        do throws(APIError) {
            switch try Self.locate(exchange, fields) {
            case .answer(let response):
                exchange.conclude(response, by: .gateway)
                return .answered
            case .kept(let kept):
                exchange.deliver(
                    OutgoingResponse(status: kept.status, headers: kept.headers, body: kept.body), kept: kept)
                return .answered
            case .function(let located): return try Self.begin(located, exchange)
            }
        } catch {
            exchange.turnAway(error)
            return .answered
        }
    }

    /// The envelope for bytes that never became a request; always JSON, for no `Accept` is known.
    public func response(to failure: ParseFailure, peer: String) -> OutgoingResponse {
        let id = errors.requestID()
        observer?.refused(failure, requestID: id, client: peer)
        return errors.response(to: failure, id: id)
    }

    /// What the loop uses, renewed when another generation has been put in place; nil for a loop there is not.
    private func snapshot(_ loop: Int) -> LoopSnapshot? {
        guard loops.indices.contains(loop) else { return nil }
        let cell = loops[loop]
        if cell.number != number.load(ordering: .acquiring) {
            let (generation, latest) = present.withLock { ($0.generation, $0.number) }
            cell.snapshot = LoopSnapshot(generation, clock: clock, observer: observer, health: health)
            cell.number = latest
        }
        return cell.snapshot
    }
}

/// Where one event loop keeps its snapshot. It has no lock: it is used on its event loop only.
private final class LoopCell: @unchecked Sendable {
    var snapshot: LoopSnapshot
    /// Which generation the snapshot is of.
    var number: UInt64

    init(_ snapshot: LoopSnapshot, number: UInt64) {
        self.snapshot = snapshot
        self.number = number
    }
}
