import Testing
import WireProtocol

@testable import Gateway

@Suite("Requests whose token is verified elsewhere")
struct TokenTimelineTests {
    let fixture = GatewayFixture(ConventionsManifest.access)
    let token = TokenMint.hs256(TokenMint.claims(#""sub":"42","scope":"things:write things:read""#))
    let forged = TokenMint.hs256(TokenMint.claims(), secret: "another secret of more than thirty-two bytes")

    private func write(_ token: String) -> Trip {
        Trip(fixture, .post, "/things", ["authorization": "Bearer " + token], length: 2)
    }

    @Test("the request goes on when both are there, whichever comes first", arguments: [true, false])
    func order(bodyFirst: Bool) async throws {
        let trip = write(token)
        if bodyFirst { trip.receiver?.gathered(Array("{}".utf8)) }
        #expect(trip.call == nil)
        await fixture.loops.runNext()
        if !bodyFirst {
            #expect(trip.call == nil && trip.response == nil)
            trip.body(Array("{}".utf8))
        }
        let invocation = try #require(trip.call).invocation
        #expect(invocation.body == Array("{}".utf8))
        #expect(invocation.caller.id == "42" && invocation.caller.scopes == ["things:write", "things:read"])
        #expect(trip.reply().status == 200)
        #expect(fixture.observer.records.map(\.userID) == ["42"])
        #expect(fixture.observer.denials.isEmpty)
    }

    @Test("a second request with the token is decided at once, on its loop only")
    func remembered() async throws {
        try await fixture.learn(token)
        let again = fixture.start(.get, "/mine", ["authorization": "Bearer " + token])
        #expect(again.call?.invocation.caller.id == "42")
        let elsewhere = Trip(fixture, .get, "/mine", ["authorization": "Bearer " + token], loop: 1)
        elsewhere.receiver?.gathered([])
        #expect(elsewhere.call == nil)
        await fixture.loops.runNext()
        #expect(elsewhere.call?.loop == 1)
    }

    @Test(
        "a token whose signature is wrong is 401 with a challenge, and the late body is dropped",
        arguments: [true, false])
    func wrong(bodyFirst: Bool) async throws {
        let trip = write(forged)
        if bodyFirst { trip.receiver?.gathered([]) }
        await fixture.loops.runNext()
        if !bodyFirst { trip.body(Array("{}".utf8)) }
        let response = try #require(trip.response)
        #expect(response.status == Status(401) && response.code == "INVALID_TOKEN")
        #expect(
            response.headers.values("www-authenticate") == [
                #"Bearer realm="shop", error="invalid_token""#, #"ApiKey realm="shop""#,
            ])
        #expect(fixture.invoker.calls.isEmpty)
        #expect(fixture.observer.denials.map(\.reason) == ["token_signature"])
        #expect(fixture.observer.records.map(\.status.code) == [401])
    }

    @Test(
        "a client that goes meanwhile is sent nothing, and its token is known the next time", arguments: [true, false])
    func gone(bodyFirst: Bool) async throws {
        let trip = write(token)
        if bodyFirst { trip.receiver?.gathered([]) }
        trip.receiver?.clientGone()
        await fixture.loops.runNext()
        #expect(trip.response == nil && fixture.invoker.calls.isEmpty)
        #expect(fixture.observer.records.map(\.status.code) == [499])
        #expect(fixture.start(.get, "/mine", ["authorization": "Bearer " + token]).call != nil)
    }

    @Test("a client with a forged token that goes meanwhile is no denial")
    func goneForged() async {
        let trip = write(forged)
        trip.receiver?.clientGone()
        await fixture.loops.runNext()
        #expect(trip.response == nil && fixture.observer.denials.isEmpty)
        #expect(fixture.observer.records.map(\.status.code) == [499])
    }

    @Test(
        "a body that cannot be read is answered while the token is verified",
        arguments: [ParseFailure.bodyTooLarge, .tooSlow])
    func broken(failure: ParseFailure) async {
        let trip = write(token)
        trip.receiver?.failed(failure)
        #expect(trip.response?.status == failure.status)
        await fixture.loops.runNext()
        #expect(trip.responder.responses.count == 1 && fixture.invoker.calls.isEmpty)
        #expect(fixture.observer.refusals.map(\.failure) == [failure])
        #expect(fixture.observer.records.count == 1)
    }

    @Test("a scope that is missing is 403 after the verification, once")
    func missing() async throws {
        let poor = TokenMint.hs256(TokenMint.claims(#""sub":"7","scope":"things:read""#))
        let trip = write(poor)
        await fixture.loops.runNext()
        trip.body()
        let response = try #require(trip.response)
        #expect(response.code == "FORBIDDEN")
        #expect(
            response.headers["www-authenticate"]
                == #"Bearer realm="shop", error="insufficient_scope", scope="things:write things:read""#)
        #expect(fixture.observer.denials.map(\.reason) == ["scope_missing"])
        #expect(fixture.observer.records.map(\.userID) == ["7"])
        // Known all the same.
        #expect(fixture.start(.get, "/mine", ["authorization": "Bearer " + poor]).call?.invocation.caller.id == "7")
    }

    @Test("a streamed body is not read before the caller is known")
    func streamed() async throws {
        let trip = Trip(fixture, .put, "/upload", ["authorization": "Bearer " + token], length: nil)
        #expect(trip.isStreamed && trip.call == nil && trip.responder.events.isEmpty)
        await fixture.loops.runNext()
        let call = try #require(trip.call)
        #expect(call.invocation.placement == .follows(length: nil) && call.invocation.caller.id == "42")
        let flow = FakeFlow()
        call.sink.bodyWanted(10, by: flow)
        #expect(trip.responder.events == [.readOn])
        #expect(Array("abc".utf8).withUnsafeBytes { trip.receiver?.bodyPart($0) } == true)
        trip.receiver?.bodyEnded()
        #expect(flow.sent == Array("abc".utf8) && flow.isEnded)
        #expect(trip.reply().status == 200)
    }

    @Test("a streamed body over its limit is 413 before and after the caller is known")
    func streamedTooLarge() async {
        let early = Trip(fixture, .put, "/upload", ["authorization": "Bearer " + token], length: 101)
        early.receiver?.failed(.bodyTooLarge)
        #expect(early.status == 413)
        await fixture.loops.runNext()
        let late = Trip(fixture, .put, "/upload", ["authorization": "Bearer " + token], length: 101)
        #expect(late.status == 413)
        #expect(fixture.invoker.calls.isEmpty)
    }

    @Test("a streamed request of a client that goes, or of a forged token, calls nothing", arguments: [true, false])
    func streamedEnd(leaves: Bool) async {
        let trip = Trip(
            fixture, .put, "/upload", ["authorization": "Bearer " + (leaves ? token : forged)], length: nil)
        if leaves { trip.receiver?.clientGone() }
        await fixture.loops.runNext()
        #expect(trip.status == (leaves ? nil : 401))
        #expect(fixture.invoker.calls.isEmpty && trip.responder.events.isEmpty)
    }

    @Test("the limits by caller are asked once the caller is known")
    func limited() async throws {
        var manifest = ConventionsManifest.access
        manifest.rate = [.init(limit: 1, per: .seconds(60), by: .caller)]
        let fixture = GatewayFixture(manifest)
        try await fixture.learn(token)
        let other = TokenMint.hs256(TokenMint.claims(#""sub":"42","scope":"another""#))
        let trip = Trip(fixture, .get, "/mine", ["authorization": "Bearer " + other]).bodyAlone()
        #expect(trip.response == nil)
        await fixture.loops.runNext()
        #expect(trip.status == 429)
        #expect(fixture.observer.denials.map(\.reason) == ["rate_limit"])
    }
}
