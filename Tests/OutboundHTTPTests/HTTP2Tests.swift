import Testing

@testable import OutboundHTTP

@Suite struct HTTP2Tests {
    @Test("HTTP/2 is spoken where the server has it, and one connection carries many requests")
    func multiplexed() async throws {
        let server = try NginxServer()
        let url = "\(server.url)/who"
        let bodies = try await withClient(.init(certificateAuthorities: server.certificate)) { client async throws in
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        String(decoding: try await client.send(HTTPRequest("GET", url)).body, as: UTF8.self)
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
        }
        #expect(bodies.count == 1)
        #expect(bodies.first?.hasPrefix("HTTP/2.0 ") == true)
        withExtendedLifetime(server) {}
    }

    @Test("a stream has a connection of its own, over HTTP/1.1")
    func stream() async throws {
        let server = try NginxServer()
        try await withClient(.init(certificateAuthorities: server.certificate)) { client async throws in
            #expect(try await client.send(HTTPRequest("GET", "\(server.url)/who")).status == 200)
            let who = try await client.withResponse(to: HTTPRequest("GET", "\(server.url)/who")) {
                String(decoding: try await $0.body.collect(), as: UTF8.self)
            }
            #expect(who.hasPrefix("HTTP/1.1 "))
            let large = try await client.withResponse(to: HTTPRequest("GET", "\(server.url)/large")) {
                try await $0.body.reduce(0) { $0 + $1.count }
            }
            #expect(large == 4 << 20)
        }
        withExtendedLifetime(server) {}
    }

    @Test("large bodies pass over HTTP/2 both ways, and the limit holds")
    func large() async throws {
        let server = try NginxServer()
        try await withClient(.init(certificateAuthorities: server.certificate)) { client async throws in
            #expect(try await client.send(HTTPRequest("GET", "\(server.url)/large")).body.count == 4 << 20)
            let request = HTTPRequest("GET", "\(server.url)/large", maximumBody: 1 << 20)
            #expect(await failure { _ = try await client.send(request) } == .tooLarge)
            let body = [UInt8](repeating: 1, count: 3 << 20)
            let echoed = try await client.send(HTTPRequest("POST", "\(server.url)/echo", body: .bytes(body)))
            #expect(echoed.body == Array("\(3 << 20)".utf8))
        }
        withExtendedLifetime(server) {}
    }

    @Test("a redirect from https to http is refused, and one from http to https too")
    func schemes() async throws {
        let server = try NginxServer()
        let plain = try TinyServer { _ in answer("301 Moved", ["Location: \(server.url)/who"]) }
        try await withClient(.init(certificateAuthorities: server.certificate)) { client async throws in
            for url in ["\(server.url)/plain", plain.url] {
                let request = HTTPRequest("GET", url, redirects: 5)
                #expect(await failure { _ = try await client.send(request) } == .redirectRefused)
            }
        }
        withExtendedLifetime(server) {}
    }
}
