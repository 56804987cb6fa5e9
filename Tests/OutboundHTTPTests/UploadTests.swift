import Synchronization
import Testing

@testable import OutboundHTTP

@Suite struct UploadTests {
    struct Sixteen: AsyncSequence, Sendable {
        struct Iterator: AsyncIteratorProtocol {
            var left = 16
            mutating func next() async -> [UInt8]? {
                left -= 1
                return left >= 0 ? [UInt8](repeating: UInt8(left), count: 10_000) : nil
            }
        }
        func makeAsyncIterator() -> Iterator { Iterator() }
    }

    @Test("a streamed body arrives whole, with a length and without", arguments: [160_000, nil] as [Int?])
    func whole(length: Int?) async throws {
        let server = try TinyServer { answer(body: "\($0.body.count)") }
        let response = try await withClient {
            try await $0.send(HTTPRequest("POST", server.url, body: .stream(length: length, Sixteen())))
        }
        #expect(response.body == Array("160000".utf8))
        let request = try #require(server.requests.first)
        #expect(request.line == "POST / HTTP/1.1")
        #expect(request.header("content-length") == length.map { "\($0)" })
        #expect(request.header("transfer-encoding") == (length == nil ? "chunked" : nil))
        #expect(request.header("expect") == nil)
        #expect(request.body[0] == 15 && request.body[159_999] == 0)
    }

    @Test("an empty streamed body is none, and a small one is small", arguments: [0, 1, nil] as [Int?])
    func small(length: Int?) async throws {
        let server = try TinyServer { answer(body: "\($0.body.count)") }
        let response = try await withClient {
            try await $0.send(
                HTTPRequest(
                    "PUT", server.url,
                    body: .stream(length: length) { if length == 1 { try await $0.write([7]) } }))
        }
        #expect(response.body == Array("\(length ?? 0)".utf8))
    }

    @Test("a writer waits while the server does not read")
    func backpressure() async throws {
        let go = Gate()
        let server = try TinyServer(talking: { peer, _ in
            _ = peer.receiveHead()
            go.wait()
            let body = peer.receive(64 << 20)
            _ = peer.send(answer(body: "\(body?.count ?? 0)"))
            _ = peer.drain()
        })
        let chunk = [UInt8](repeating: 9, count: 1 << 18)
        let (response, before) = try await withClient { client async throws in
            let written = Mutex(0)
            let isWaiting = Gate()
            let request = HTTPRequest(
                "PUT", server.url,
                body: .stream(length: 64 << 20) { writer in
                    for _ in 0..<256 {
                        try await writer.write(chunk)
                        written.withLock { $0 += chunk.count }
                        #expect(writer.feed.outbox.written <= 64 << 20)
                    }
                }, timeout: .seconds(60))
            async let response = client.send(request)
            // The loop is quiet when the connection and the writer wait for each other.
            var last = -1
            var quiet = 0
            _ = await eventually {
                let now = written.withLock { $0 }
                quiet = now == last && now > 0 ? quiet + 1 : 0
                last = now
                return quiet > 20_000
            }
            isWaiting.open()
            let before = written.withLock { $0 }
            go.open()
            return (try await response, before)
        }
        #expect(response.body == Array("\(64 << 20)".utf8))
        #expect(before < 64 << 20)
    }

    @Test("a producer's error ends the request and is thrown")
    func throwing() async throws {
        struct Broken: Error {}
        let server = try TinyServer(talking: { peer, _ in _ = peer.drain() })
        try await withClient { client async throws in
            await #expect(throws: Broken.self) {
                try await client.send(
                    HTTPRequest(
                        "PUT", server.url,
                        body: .stream { writer in
                            try await writer.write("abc")
                            throw Broken()
                        }))
            }
            #expect(await eventually { server.endedCount == 1 })
        }
    }

    @Test("a body that is not as long as it was said to be is an error", arguments: [2, 4])
    func wrongLength(length: Int) async throws {
        let server = try TinyServer(talking: { peer, _ in _ = peer.drain() })
        let kind = try await withClient { client async throws in
            await failure {
                _ = try await client.send(
                    HTTPRequest("PUT", server.url, body: .stream(length: length) { try await $0.write("abc") }))
            }
        }
        #expect(kind == .invalidRequest)
        #expect(await eventually { server.endedCount == 1 })
    }

    @Test("an answer that comes before the body's end is the answer, and the producer is cancelled")
    func earlyAnswer() async throws {
        let server = try TinyServer(talking: { peer, _ in
            _ = peer.receiveHead()
            _ = peer.send(answer("413 Content Too Large", ["Connection: close"], body: "no"))
            _ = peer.drain()
        })
        let isCancelled = Gate()
        let response = try await withClient {
            try await $0.send(
                HTTPRequest(
                    "PUT", server.url,
                    body: .stream { writer in
                        do {
                            while true { try await writer.write([UInt8](repeating: 1, count: 1000)) }
                        } catch is CancellationError {
                            isCancelled.open()
                        }
                    }))
        }
        #expect(response.status == 413)
        #expect(response.body == Array("no".utf8))
        #expect(isCancelled.isOpen)
    }

    @Test("a server that resets in the middle of the body is an error, and the body is not sent again")
    func reset() async throws {
        let server = try TinyServer(talking: { peer, _ in
            _ = peer.receive(100_000)
            peer.reset()
        })
        let kind = try await withClient { client async throws in
            await failure {
                let chunk = [UInt8](repeating: 1, count: 50_000)
                _ = try await client.send(
                    HTTPRequest(
                        "PUT", server.url,
                        body: .stream { for _ in 0..<1000 { try await $0.write(chunk) } }, retries: .quick))
            }
        }
        #expect(kind == .brokenOff)
        #expect(server.connectionCount == 1)
    }

    @Test("what is written can be answered before more is written: both ways at once")
    func both() async throws {
        let server = try TinyServer(talking: { peer, _ in
            _ = peer.receiveHead()
            _ = peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            // Each chunk comes as "3\r\nabc\r\n".
            for _ in 0..<5 { guard let chunk = peer.receive(8), peer.send(chunk) else { return } }
            _ = peer.receive(5)
            _ = peer.send("0\r\n\r\n")
            _ = peer.drain()
        })
        let answered = Mutex(0)
        let count = try await withClient { client async throws in
            let request = HTTPRequest(
                "POST", server.url,
                body: .stream { writer in
                    for number in 0..<5 {
                        #expect(await eventually { answered.withLock { $0 } == number })
                        try await writer.write("abc")
                    }
                })
            return try await client.withResponse(to: request) { response in
                var count = 0
                for try await chunk in response.body {
                    count += chunk.count
                    answered.withLock { $0 = count / 3 }
                }
                return count
            }
        }
        #expect(count == 15)
    }

    @Test("a cancelled upload ends, and so do its producer and its connection")
    func cancelled() async throws {
        let server = try TinyServer(talking: { peer, _ in _ = peer.drain() })
        let isEnded = Gate()
        try await withClient { client async throws in
            let task = Task {
                try await client.send(
                    HTTPRequest(
                        "PUT", server.url,
                        body: .stream { writer in
                            defer { isEnded.open() }
                            while true { try await writer.write([1]) }
                        }, timeout: .seconds(60)))
            }
            #expect(await eventually { server.connectionCount == 1 })
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(await eventually { server.endedCount == 1 })
        }
    }
}
