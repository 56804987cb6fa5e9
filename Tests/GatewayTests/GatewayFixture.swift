import Manifests
import Testing
import WireProtocol

@testable import Gateway

/// A pipeline between a fake front door and fake workers.
struct GatewayFixture {
    let invoker = FakeInvoker()
    let observer = RecordingObserver()
    let health = FakeHealth()
    let time = ManualClock()
    /// What other threads bring back to the event loops.
    let loops = QueuedLoop()
    let cache = ResponseCache()
    let generation: GatewayGeneration
    let pipeline: RequestPipeline

    /// `GET /users` paged by number, `GET /events` by cursor, `GET` and `DELETE /users/{id}`, `POST /users`,
    /// `GET /hello`, `GET /files/{path+}`, and a second `GET /users` as v2; prefix `/api`.
    static var manifest: Manifest {
        var manifest = Manifest(name: "shop", directory: "/srv/shop")
        manifest.server.prefix = "/api"
        var list = function("ListUsers", "GET /users")
        list.page = PageSettings(style: .page, default: 10, max: 100)
        var events = function("ListEvents", "GET /events")
        events.page = PageSettings(style: .cursor, default: 20, max: 50)
        var create = function("CreateUser", "POST /users")
        create.body = ByteCount(bytes: 1000)
        create.timeout = .milliseconds(2500)
        manifest.functions = [
            list, events, create, function("GetUser", "GET /users/{id}"),
            function("DeleteUser", "DELETE /users/{id}"), function("Hello", "GET /hello"),
            function("GetFile", "GET /files/{path+}"), function("ListUsersV2", "GET /users", version: "v2"),
        ]
        return manifest
    }

    static func function(_ name: String, _ routes: String..., version: String = "v1") -> FunctionSettings {
        FunctionSettings(
            name: FunctionName(rawValue: name), routes: routes.compactMap { RoutePattern($0) },
            version: version, auth: .none)
    }

    init(
        _ manifest: Manifest = GatewayFixture.manifest, idempotency: (any IdempotencyStore)? = nil,
        keys: KeySetSource? = nil, caller: Caller? = nil
    ) {
        generation = Self.generation(
            manifest, invoker,
            services: GatewayServices(
                executor: loops, store: idempotency, cache: cache, unixMilliseconds: time.clock.unixMilliseconds),
            keys: keys, caller: caller)
        pipeline = RequestPipeline(
            generation, loops: 2, clock: time.clock, observer: observer, health: health)
    }

    /// What serves a manifest.
    static func generation(
        _ manifest: Manifest, _ invoker: any Invoker,
        services: GatewayServices = GatewayServices(executor: QueuedLoop(), store: nil), keys: KeySetSource? = nil,
        caller: Caller? = nil,
        functionID: (Int, FunctionSettings) -> FunctionID = { index, _ in FunctionID(index) }
    ) -> GatewayGeneration {
        // Safe: the schemas and keys of the tests' manifests are whole; what is broken has tests of its own.
        // swift-format-ignore: NeverUseForceTry
        try! GatewayGeneration(
            manifest, invoker: invoker, secret: Array("secret".utf8), services: services, keys: keys, caller: caller,
            functionID: functionID)
    }

    /// A request as the front door would hand it over.
    static func request(
        _ method: Method, _ target: String, _ headers: HeaderList = [:], loop: Int = 0
    ) -> IncomingRequest {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return IncomingRequest(
            method: method, path: Array(parts[0].utf8), query: parts.count > 1 ? Array(parts[1].utf8) : [],
            headers: headers, peer: "192.0.2.7", loop: loop, arrived: 1_000_000_000)
    }

    /// The head of a request.
    func accept(
        _ method: Method, _ target: String, _ headers: HeaderList = [:]
    ) -> (plan: BodyPlan, responder: FakeResponder) {
        let responder = FakeResponder()
        return (pipeline.accept(Self.request(method, target, headers), responder), responder)
    }

    /// A whole request; the worker answers with `reply`.
    @discardableResult
    func send(
        _ method: Method, _ target: String, _ headers: HeaderList = [:], body: [UInt8] = [],
        reply: Reply = Reply()
    ) throws -> OutgoingResponse {
        let (plan, responder) = accept(method, target, headers)
        if case .gather(_, let receiver) = plan {
            let before = invoker.calls.count
            receiver.gathered(body)
            #expect(invoker.calls.count == before + 1)
            #expect(responder.responses.isEmpty)
            try #require(invoker.calls.last).sink.reply(reply, from: FakeInvoker.worker)
        }
        #expect(responder.responses.count == 1)
        return try #require(responder.responses.first)
    }
}

extension OutgoingResponse {
    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// Thrown where a test cannot go on.
struct Unexpected: Error {}
