import Testing

@testable import OutboundHTTP

@Suite struct LeakTests {
    private static let long = answer(body: String(repeating: "x", count: 200_000))
    private static let script: TinyServer.Conversation = { peer, _ in
        while let request = peer.receiveRequest() {
            let path = request.line.split(separator: " ").dropFirst().first ?? ""
            switch path {
            case "/reset":
                peer.reset()
                return
            case "/half":
                _ = peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
                return
            case "/silent": continue
            case "/long": guard peer.send(Self.long) else { return }
            case "/again": guard peer.send(answer("302 Found", ["Location: /fine"])) else { return }
            default: guard peer.send(answer(body: "fine")) else { return }
            }
        }
    }

    @Test("a thousand calls that end in all ways leave no handle and no descriptor", .timeLimit(.minutes(2)))
    func thousand() async throws {
        let server = try TinyServer(talking: Self.script)
        try await withClient { client async throws in
            for round in 0..<100 {
                await withTaskGroup { group in
                    for kind in 0..<10 {
                        group.addTask { await Self.call(kind, client, server.url) }
                    }
                }
                if round == 0 || round == 99 {
                    let open = await withTaskExecutorPreference(client.loop.taskExecutor) {
                        client.requests.openTransfers + client.streams.openTransfers
                    }
                    #expect(open == 0)
                    #expect(server.clientDescriptors <= 64)
                }
            }
        }
        #expect(server.connectionCount > 100)
        #expect(server.clientDescriptors == 0)
        #expect(await eventually { server.endedCount == server.connectionCount })
    }

    @Test("nothing of a request is held when it has ended")
    func released() async throws {
        final class Mark: Sendable {
            let gate: Gate
            init(_ gate: Gate) { self.gate = gate }
            deinit { gate.open() }
        }
        let server = try TinyServer(talking: Self.script)
        let gone = Gate()
        try await withClient { client async throws in
            let request = Self.upload(to: server.url, holding: Mark(gone))
            _ = try await client.send(request)
            _ = try await client.withResponse(to: request) { $0.status }
        }
        #expect(gone.isOpen)
    }

    private static func upload(to url: String, holding mark: some AnyObject & Sendable) -> HTTPRequest {
        HTTPRequest(
            "PUT", url,
            body: .stream { writer in
                try await writer.write("x")
                withExtendedLifetime(mark) {}
            })
    }

    private static func call(_ kind: Int, _ client: HTTPClient, _ url: String) async {
        let request: @Sendable (String) -> HTTPRequest = { path in
            HTTPRequest("GET", url + path, timeout: .seconds(30), redirects: 1, retries: .never)
        }
        do {
            switch kind {
            case 0: _ = try await client.send(request("/reset"))
            case 1: _ = try await client.send(request("/half"))
            case 2:
                var silent = request("/silent")
                silent.timeout = .milliseconds(2)
                _ = try await client.send(silent)
            case 3:
                let task = Task { try await client.send(request("/silent")) }
                task.cancel()
                _ = try await task.value
            case 4: _ = try await client.withResponse(to: request("/long")) { $0.status }
            case 5: _ = try await client.withResponse(to: request("/long")) { try await $0.body.collect() }
            case 6:
                var small = request("/long")
                small.maximumBody = 100
                _ = try await client.send(small)
            case 7: _ = try await client.send(request("/again"))
            case 8:
                var upload = request("/fine")
                upload.method = "PUT"
                upload.body = .stream { for _ in 0..<10 { try await $0.write("abc") } }
                _ = try await client.send(upload)
            default: _ = try await client.send(request("/fine"))
            }
            #expect([4, 5, 7, 8, 9].contains(kind))
        } catch {
            #expect([0, 1, 2, 3, 6].contains(kind))
        }
    }
}
