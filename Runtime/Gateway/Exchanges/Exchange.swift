import Manifests
import WireProtocol

/// One request from its head to its answer: what the front door and the workers' pools call back.
///
/// The pipeline's stages decide; this object remembers what they decided and sends the one answer. It has no lock: it
/// is used on its event loop only. What waits elsewhere (a token's verification, the cache, the disk) comes back by the
/// loop handoff.
final class Exchange: RequestReceiver, ReplySink, @unchecked Sendable {
    enum Phase {
        /// The caller's token is being verified; a body that is whole meanwhile waits here. Leaves by `identified`,
        /// `failed`, `clientGone`.
        case identifying(LocatedRequest, body: [UInt8]?)
        /// The body is on its way. Leaves by `gathered`, `failed`, `clientGone`.
        case reading(PreparedRequest)
        /// Another request asks the function for the same. Leaves by `shared`, `clientGone`.
        case sharing(PreparedRequest)
        /// The idempotency key is looked up on disk. Leaves by `claimed`, `clientGone`.
        case claiming(PreparedRequest, body: [UInt8])
        /// The function is at it. Leaves by `reply`, `began`, `failed`, `clientGone`.
        case running(InvocationTicket)
        /// The answer is being written to disk before it is sent. Leaves by `kept`, `clientGone`.
        case keeping(OutgoingResponse, WorkerStamp?, isError: Bool)
        /// The answer has begun, its body passes through. Leaves by `ended`, `failed`, `clientGone`.
        case responding(InvocationTicket)
        /// Answered, or nobody is there; also the time before a stage has decided.
        case settled
    }

    let loop: LoopSnapshot
    let request: IncomingRequest
    let id: RequestID
    let trace: TraceContext
    /// Which of the fields are there that a convention looks at.
    let fields: FieldSet
    /// Whether fields were sent that the worker gets by the invocation's own members.
    let hasIdentity: Bool
    /// The route; nil before one is found. The generation that `loop` holds keeps it.
    private(set) var route: UnsafePointer<RouteEntry>?
    /// Where the path's first segment behind prefix and version begins.
    private(set) var start = 0
    /// The page asked for.
    var page: PageWindow?
    /// The runtime's own address that is asked, for the log; nil for all others.
    var ownRoute: String?
    /// Whether the answer is that to a preflight: it says all that is to be said of other origins.
    var isPreflight = false
    /// Whether the answer is a representation that conditions may be put on.
    var hasRepresentation = false
    /// Whether the version header had a say in the answer.
    var variesByVersion: Bool
    /// Whether the log has been told why the request is turned away.
    var isDenied = false
    /// Who calls; nil before that is found out, and for nobody in particular.
    var identity: Identity?
    /// What the rate limits said.
    var tally = RateTally()
    /// The client's address; nil before it is needed.
    var client: ClientAddress?
    /// The part that this request has in the cache and in the idempotency store; nil for nearly all.
    var holding: Holding?
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
        self.fields = fields.present
        variesByVersion = !loop.generation.versionHeader.isEmpty
        hasIdentity = fields.hasIdentity
    }

    /// The name of the route's function; nil before a route is found.
    var function: String? { route?.policy.pointee.name }

    /// Remembers the route, for the log of whatever follows.
    func located(_ route: UnsafePointer<RouteEntry>, from start: Int) {
        self.route = route
        self.start = start
        hasRepresentation = true
    }

    /// The query's parameters that count.
    var query: [UInt8] { holding?.query ?? request.query }

    /// Waits for the body.
    func expectBody(of prepared: PreparedRequest) {
        page = prepared.page
        phase = .reading(prepared)
    }

    /// The phase, taken out so that nothing of it is copied on its way.
    func takePhase() -> Phase {
        var taken = Phase.settled
        swap(&taken, &phase)
        return taken
    }

    // MARK: Called by the front door

    func gathered(_ body: [UInt8]) {
        switch takePhase() {
        case .reading(let prepared): handOver(prepared, body)
        case .identifying(let located, nil): phase = .identifying(located, body: body)
        case let other: phase = other
        }
    }

    func failed(_ failure: ParseFailure) {
        switch phase {
        case .reading, .identifying: break
        default: return bodyBroke(failure)
        }
        loop.observer?.refused(failure, requestID: id, client: clientText)
        fail(APIError(failure))
    }

    func clientGone() {
        switch phase {
        case .settled: return
        case .reading, .identifying, .sharing, .claiming: break
        case .running where holding?.claim != nil, .keeping:
            // It goes on: the client will ask again with the same key, and is given what came of it.
            guard responder != nil else { return }
            responder = nil
            return log(Status(499), bytes: 0, from: nil)
        case .running(let ticket):
            loop.generation.invoker.cancel(ticket, loop: request.loop)
            dropDoubtful(isLeft: true)
        case .responding(let ticket):
            loop.generation.invoker.cancel(ticket, loop: request.loop)
            dropDoubtful(isLeft: true)
            return endPassing(.cancelled)
        }
        letGo()
        phase = .settled
        responder = nil
        passing = nil
        // Nothing is sent; the log names it as nginx does.
        log(Status(499), bytes: 0, from: nil)
    }

    func cutOff() {
        switch phase {
        case .settled, .keeping, .responding: return
        case .reading, .identifying, .sharing, .claiming: letGo()
        case .running(let ticket):
            loop.generation.invoker.cancel(ticket, loop: request.loop)
            dropDoubtful(isLeft: true)
            releaseClaim(.cancelled)
        }
        fail(
            APIError(
                .functionUnavailable, "The server is stopping, please try again later", headers: ["retry-after": "1"]))
    }

    // MARK: The invocation

    /// Takes the request with its whole body through the last stages before the function.
    func handOver(_ prepared: consuming PreparedRequest, _ body: consuming [UInt8]) {
        do throws(APIError) {
            let body = try RequestPipeline.checked(body, prepared, self)
            if let key = prepared.cacheKey, share(prepared, key) { return }
            if prepared.idempotencyKey != nil, claim(prepared, body) { return }
            invoke(prepared, body)
        } catch {
            turnAway(error)
        }
    }

    /// Calls the function.
    func invoke(_ prepared: consuming PreparedRequest, _ body: consuming [UInt8]) {
        // The reply never comes before `invoke` has returned, so it finds the phase set.
        phase = .running(
            loop.generation.invoker.invoke(
                prepared.located.route.policy.pointee.id,
                RequestPipeline.invocation(prepared, body, self), loop: request.loop, into: self))
    }

    // MARK: Called by the workers' pools

    func reply(_ reply: Reply, from worker: WorkerStamp) {
        guard case .running = phase else { return }
        if case .error(let error) = reply.kind {
            return fail(RequestPipeline.acceptable(error), by: .handler, from: worker)
        }
        do throws(APIError) {
            conclude(try RequestPipeline.shape(reply, self), by: .handler, from: worker)
        } catch {
            fail(error, from: worker)
        }
    }

    func failed(_ error: APIError, from worker: WorkerStamp?) {
        guard case .running = phase else { return brokeOff(error) }
        // Only what was overloaded has certainly not been run.
        if error.code != ErrorCode.overloaded.rawValue { dropDoubtful(isLeft: false) }
        fail(error, from: worker)
    }
}
