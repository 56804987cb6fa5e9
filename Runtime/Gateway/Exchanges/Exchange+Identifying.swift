import WireProtocol

// A caller whose token has not been seen before: it is verified elsewhere, and the request goes on when that is done.
extension Exchange {
    /// Has the token verified. The body may come meanwhile.
    func identify(_ located: LocatedRequest, _ pending: PendingVerification) {
        phase = .identifying(located, body: nil)
        let index = request.loop
        let executor = loop.executor
        loop.generation.authenticator.verify(pending) { result in
            executor.execute(on: index) { self.identified(pending, result) }
        }
    }

    private func identified(_ pending: PendingVerification, _ result: Result<Identity, Refusal>) {
        let taken = takePhase()
        do throws(APIError) {
            let identity: Identity
            do throws(Refusal) {
                identity = try result.get()
                // Remembered also where the client is gone by now: it will come again.
                try loop.generation.authenticator.admit(identity, pending, memory: &loop.tokens)
            } catch {
                guard case .identifying = taken else { return }
                throw refused(error)
            }
            guard case .identifying(let located, let body) = taken else { return }
            let plan = try RequestPipeline.proceed(
                AuthenticatedRequest(located: located, identity: identity), self)
            if case .gather = plan, let body { gathered(body) }
        } catch {
            turnAway(error)
        }
    }

    /// Tells the log why the caller was refused, and gives the error for the client, who is not told.
    func refused(_ refusal: Refusal) -> APIError {
        identity = refusal.identity
        denied(refusal.reason.rawValue)
        return refusal.error
    }

    /// The client's address, found out when it is first needed: the peer's, or what a trusted proxy says.
    func address() -> ClientAddress {
        if let client { return client }
        let peer = ClientAddress(peer: request.peer)
        let proxies = loop.generation.proxies
        let found = !proxies.isEmpty && fields.contains(.forwarding) ? proxies.client(peer, request.headers) : peer
        client = found
        return found
    }

    /// The client's address as text, for the log.
    var clientText: String {
        fields.contains(.forwarding) && !loop.generation.proxies.isEmpty ? address().description : request.peer
    }
}
