import Manifests
import WireProtocol

/// One request from its head to its answer: what the front door and the workers' pools call back.
///
/// The pipeline's stages decide; this object remembers what they decided and sends the one answer. It has no lock: it
/// is used on its event loop only.
final class Exchange: RequestReceiver, ReplySink, @unchecked Sendable {
    enum Phase {
        /// The body is on its way. Leaves by `gathered`, `failed`, `clientGone`.
        case reading(PreparedRequest)
        /// The function is at it. Leaves by `reply`, `began`, `failed`, `clientGone`.
        case running(InvocationTicket)
        /// The answer has begun, its body passes through. Leaves by `ended`, `failed`, `clientGone`.
        case responding(InvocationTicket)
        /// Answered, or nobody is there; also the time before a stage has decided.
        case settled
    }

    let loop: LoopSnapshot
    let request: IncomingRequest
    let id: RequestID
    let trace: TraceContext
    /// The route; nil before one is found. The generation that `loop` holds keeps it.
    private(set) var route: UnsafePointer<RouteEntry>?
    /// The page asked for.
    private(set) var page: PageWindow?
    /// The health address that is asked, for the log.
    var health: HealthPath?
    /// Whether the version header had a say in the answer.
    var variesByVersion: Bool
    /// Whether fields were sent that the worker gets by the invocation's own members.
    let hasIdentity: Bool
    var responder: (any Responder)?
    var phase = Phase.settled
    /// What passes through part by part; nil while nothing does.
    var passing: PassingBodies?

    init(
        _ request: consuming IncomingRequest, _ responder: any Responder, _ fields: HeaderIndex, _ loop: LoopSnapshot
    ) {
        self.loop = loop
        self.responder = responder
        id = RequestIdentity.requestID(request.headers, fields, loop)
        trace = RequestIdentity.trace(request.headers, fields, loop)
        self.request = request
        variesByVersion = !loop.generation.versionHeader.isEmpty
        hasIdentity = fields.hasIdentity
    }

    /// The name of the route's function; nil before a route is found.
    var function: String? { route?.pointee.policy.name }

    /// Remembers the route, for the log of whatever follows.
    func located(_ route: UnsafePointer<RouteEntry>) { self.route = route }

    /// Waits for the body.
    func expectBody(of prepared: PreparedRequest) {
        page = prepared.page
        phase = .reading(prepared)
    }

    // MARK: Called by the front door

    func gathered(_ body: [UInt8]) {
        // Taken out, so that nothing of it is copied on its way.
        var taken = Phase.settled
        swap(&taken, &phase)
        guard case .reading(let prepared) = consume taken else { return }
        // The reply never comes before `invoke` has returned, so it finds the phase set.
        phase = .running(
            loop.generation.invoker.invoke(
                prepared.located.route.pointee.policy.id,
                RequestPipeline.invocation(prepared, body, self), loop: request.loop, into: self))
    }

    func failed(_ failure: ParseFailure) {
        guard case .reading = phase else { return bodyBroke(failure) }
        loop.observer?.refused(failure, requestID: id, client: request.peer)
        fail(APIError(failure))
    }

    func clientGone() {
        switch phase {
        case .settled: return
        case .reading: break
        case .running(let ticket): loop.generation.invoker.cancel(ticket, loop: request.loop)
        case .responding(let ticket):
            loop.generation.invoker.cancel(ticket, loop: request.loop)
            return endPassing()
        }
        phase = .settled
        responder = nil
        passing = nil
        // Nothing is sent; the log names it as nginx does.
        log(Status(499), bytes: 0, from: nil)
    }

    // MARK: Called by the workers' pools

    func reply(_ reply: Reply, from worker: WorkerStamp) {
        guard case .running = phase else { return }
        do throws(APIError) {
            answer(try RequestPipeline.shape(reply, self), from: worker)
        } catch {
            fail(error, from: worker)
        }
    }

    func failed(_ error: APIError, from worker: WorkerStamp?) {
        guard case .running = phase else { return brokeOff(error) }
        fail(error, from: worker)
    }

    // MARK: Answers

    /// Sends the error envelope, and hands the cause to the log.
    func fail(_ error: APIError, from worker: WorkerStamp? = nil) {
        if error.cause != nil { loop.observer?.failed(error, requestID: id, function: function) }
        let generation = loop.generation
        let response = ErrorEnvelope.response(
            error, AcceptHeader.prefersProblem(request.headers) ? .problem : .json, id: id,
            unixMilliseconds: loop.clock.unixMilliseconds(),
            vary: variesByVersion ? generation.errorVary : Array("accept".utf8))
        send(response, from: worker)
    }

    /// Sends a response that is not an error.
    func answer(_ response: consuming OutgoingResponse, from worker: WorkerStamp? = nil) {
        if variesByVersion { response.headers.append("vary", bytes: loop.generation.versionHeader) }
        send(response, from: worker)
    }

    private func send(_ response: consuming OutgoingResponse, from worker: WorkerStamp?) {
        loop.append(id, to: &response.headers)
        if response.status.forbidsBody { response.body = [] }
        phase = .settled
        let status = response.status
        let bytes = request.method == .head ? 0 : response.body.count
        let responder = self.responder
        self.responder = nil
        passing = nil
        responder?.respond(response)
        log(status, bytes: bytes, from: worker)
    }

    func log(_ status: Status, bytes: Int, from worker: WorkerStamp?) {
        let generation = loop.generation
        switch generation.logging {
        case .none: return
        case .errors where status.code < 400: return
        case .errors, .all: break
        }
        guard let observer = loop.observer else { return }
        let now = loop.clock.monotonicNanoseconds()
        observer.finished(
            AccessRecord(
                requestID: id, trace: trace, method: request.method,
                url: generation.redaction.url(path: request.path, query: request.query),
                route: health?.route ?? route?.pointee.path ?? "unmatched",
                status: status, nanoseconds: now > request.arrived ? now - request.arrived : 0, userID: nil,
                function: function, worker: worker, bytes: bytes, client: request.peer))
    }
}
