import Testing

@testable import OutboundHTTP

@Suite struct CertificateTests {
    @Test("a certificate is accepted only from an authority, and only for its own name")
    func certificates() async throws {
        let server = try TLSServer()
        let url = "https://localhost:\(server.port)/"
        let unknown = try await withClient { client async throws in
            await failure { _ = try await client.send(HTTPRequest("GET", url)) }
        }
        #expect(unknown == .tlsFailed)
        let (known, otherName) = try await withClient(.init(certificateAuthorities: server.certificate)) {
            client async throws in
            let response = try await client.send(HTTPRequest("GET", url))
            let kind = await failure {
                _ = try await client.send(HTTPRequest("GET", "https://127.0.0.1:\(server.port)/"))
            }
            return (response, kind)
        }
        #expect(known.status == 200)
        #expect(otherName == .tlsFailed)
        withExtendedLifetime(server) {}
    }
}
