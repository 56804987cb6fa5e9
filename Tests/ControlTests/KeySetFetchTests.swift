import Gateway
import TestSupport
import Testing
import WorkerLoop

@testable import Control

@Suite("Fetching key sets")
struct KeySetFetchTests {
    /// What a fetch of this URL comes to, or the reason that the log gets.
    private static func fetch(_ url: String) async throws -> Result<FetchedKeySet, any Error> {
        let loop = try WorkerLoop()
        let thread = try loop.runOnOwnThread()
        defer {
            loop.stop()
            thread.join()
        }
        let fetcher = try KeySetFetch(on: loop)
        let result: Result<FetchedKeySet, any Error> = await withCheckedContinuation { continuation in
            fetcher.fetch(url) { continuation.resume(returning: $0) }
        }
        // On the loop, so that it is done before the loop stops.
        await withTaskExecutorPreference(loop.taskExecutor) { fetcher.close() }
        return result
    }

    private static func fault(_ url: String) async throws -> String? {
        switch try await fetch(url) {
        case .success: nil
        case .failure(let error): "\(error)"
        }
    }

    private static func answer(_ body: String, _ status: String = "200 OK", _ fields: String = "") -> String {
        "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(fields)Connection: close\r\n\r\n\(body)"
    }

    @Test("the body and Cache-Control come as they were sent")
    func good() async throws {
        let server = try RatesServer { line in
            line.contains("/bare")
                ? Self.answer("{}")
                : Self.answer(#"{"keys":[]}"#, "200 OK", "Cache-Control: public\r\ncache-control: max-age=300\r\n")
        }
        #expect(
            try await Self.fetch(server.url + "/keys").get()
                == FetchedKeySet(body: Array(#"{"keys":[]}"#.utf8), cacheControl: "public,max-age=300"))
        #expect(try await Self.fetch(server.url + "/bare").get() == FetchedKeySet(body: Array("{}".utf8)))
        #expect(server.requests == ["GET /keys HTTP/1.1", "GET /bare HTTP/1.1"])
    }

    @Test("a redirect is not followed, and other statuses are no sets; each is one attempt")
    func statuses() async throws {
        for status in [
            "301 Moved", "302 Found", "307 Temporary", "308 Permanent", "204 No Content", "404 Not Found", "500 Broken",
            "503 Away",
        ] {
            let server = try RatesServer { _ in
                Self.answer(status.hasPrefix("204") ? "" : "{}", status, "Location: /other\r\n")
            }
            #expect(try await Self.fault(server.url + "/keys") == "the answer's status is \(status.prefix(3))")
            #expect(server.requests == ["GET /keys HTTP/1.1"])
        }
    }

    @Test("more than a megabyte is not taken")
    func large() async throws {
        let server = try RatesServer { _ in Self.answer(String(repeating: "x", count: 10 << 20)) }
        #expect(try await Self.fault(server.url + "/keys") != nil)
        let whole = try RatesServer { _ in Self.answer(String(repeating: "x", count: 1 << 20)) }
        #expect(try await Self.fetch(whole.url + "/keys").get().body.count == 1 << 20)
    }

    @Test("nobody there is a failure without an address in it")
    func away() async throws {
        let server = try RatesServer { _ in "" }
        let url = server.url
        server.stop()
        let fault = try await Self.fault(url + "/keys?secret=1")
        #expect(fault?.isEmpty == false)
        #expect(fault?.contains("secret") == false && fault?.contains("127.0.0.1") == false)
    }

    @Test(
        "keys come over https, or over http from this machine",
        arguments: [
            ("https://issuer.example/keys", true), ("HTTPS://issuer.example", true), ("http://127.0.0.1:80/keys", true),
            ("http://127.255.1.2", true), ("http://localhost:8080/keys", true), ("http://LOCALHOST", true),
            ("http://[::1]:80/keys", true), ("http://[::1]", true),
            ("http://issuer.example/keys", false), ("http://127.0.0.1.evil.example", false),
            ("http://localhost.evil.example", false), ("http://127.0.0.1@evil.example/", false),
            ("http://localhost:80@evil.example/", false), ("http://127.1", false), ("http://128.0.0.1", false),
            ("http://[::1].evil.example", false), ("http://[::2]", false), ("http://evil.example/#localhost", false),
            ("http://evil.example\\@127.0.0.1/", false), ("ftp://127.0.0.1", false), ("file:///etc/passwd", false),
            ("", false), ("http://", false),
        ])
    func addresses(_ url: String, _ isAllowed: Bool) async throws {
        #expect(KeySetURL.isAllowed(url) == isAllowed)
        if !isAllowed { #expect(try await Self.fault(url) == "its URL is neither https nor of a loopback address") }
    }
}
