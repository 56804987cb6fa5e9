import Glibc
import Synchronization
import Testing

@testable import OutboundHTTP

@Suite struct StreamTests {
    static let megabyte = [UInt8](repeating: 120, count: 1 << 20)

    @Test("a long body passes through little memory, and a reader that waits makes the server wait")
    func backpressure() async throws {
        let total = 64 << 20
        let blocked = Gate()
        let server = try TinyServer(talking: { peer, _ in
            _ = peer.receiveRequest()
            _ = peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            for _ in 0..<(total >> 14) {
                if peer.isBlocked { blocked.open() }
                guard peer.send([UInt8](repeating: 1, count: 1 << 14)) else { return }
            }
        })
        let request = HTTPRequest("GET", server.url, timeout: .seconds(60), maximumBody: total)
        let (count, most) = try await withClient { client async throws in
            try await client.withResponse(to: request) { response in
                #expect(response.status == 200)
                #expect(response.headers["content-length"] == "\(total)")
                var (count, most) = (0, 0)
                for try await chunk in response.body {
                    if count == 0 { #expect(await eventually { blocked.isOpen }) }
                    count += chunk.count
                    most = max(most, chunk.count)
                }
                return (count, most)
            }
        }
        #expect(count == total)
        #expect(most <= Transfer.streamCapacity + 16 << 10)
    }

    @Test(
        "a body without end is given up at the limit, streamed or not, with a length, in chunks, or until the close",
        arguments: ["Content-Length: 10737418240", "Transfer-Encoding: chunked", "Connection: close"],
        [true, false])
    func endless(framing: String, isStreamed: Bool) async throws {
        let server = try TinyServer(talking: { peer, _ in
            _ = peer.receiveRequest()
            _ = peer.send("HTTP/1.1 200 OK\r\n\(framing)\r\n\r\n")
            let chunk =
                framing.contains("chunked")
                ? Array("100000\r\n".utf8) + Self.megabyte + Array("\r\n".utf8) : Self.megabyte
            for _ in 0..<10_240 { guard peer.send(chunk) else { return } }
        })
        let request = HTTPRequest("GET", server.url, maximumBody: 3 << 20)
        let kind = try await withClient { client async throws in
            await failure {
                if isStreamed {
                    _ = try await client.withResponse(to: request) { try await $0.body.collect() }
                } else {
                    _ = try await client.send(request)
                }
            }
        }
        #expect(kind == .tooLarge)
        #expect(await eventually { server.endedCount == 1 })
    }

    @Test("a stream that is not read to its end is closed, and read later it is no more")
    func abandoned() async throws {
        let server = try TinyServer(talking: { peer, _ in
            _ = peer.receiveRequest()
            _ = peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
            while peer.send(Self.megabyte) {}
        })
        try await withClient { client async throws in
            let request = HTTPRequest("GET", server.url, maximumBody: .max)
            let body = try await client.withResponse(to: request) { response in
                var iterator = response.body.makeAsyncIterator()
                let first = try await iterator.next()
                #expect(first != nil)
                return response.body
            }
            #expect(await eventually { server.endedCount == 1 })
            #expect(await failure { _ = try await body.collect() } == .closed)
            #expect(server.clientDescriptors == 0)
        }
    }

    @Test("what the reader throws ends the stream and is thrown")
    func readerThrows() async throws {
        struct Stop: Error {}
        let server = try TinyServer { _ in answer(body: "x") }
        try await withClient { client async throws in
            await #expect(throws: Stop.self) {
                try await client.withResponse(to: HTTPRequest("GET", server.url)) { _ in throw Stop() }
            }
            #expect(client.streams.openTransfers == 0)
        }
    }

    @Test("a cancelled reader stops, and the connection ends", arguments: [true, false])
    func cancelled(waitsInBody: Bool) async throws {
        let server = try TinyServer(talking: { peer, _ in
            _ = peer.receiveRequest()
            _ = peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            _ = peer.drain()
        })
        try await withClient { client async throws in
            let isReading = Gate()
            let task = Task {
                try await client.withResponse(to: HTTPRequest("GET", server.url, timeout: .seconds(60))) {
                    response in
                    isReading.open()
                    // The connection ends though nobody reads it.
                    if !waitsInBody { _ = await eventually { server.endedCount == 1 } }
                    return try await response.body.collect()
                }
            }
            #expect(await eventually { isReading.isOpen })
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(await eventually { server.endedCount == 1 })
        }
    }

    @Test("a head comes before its body")
    func early() async throws {
        let go = Gate()
        let server = try TinyServer(talking: { peer, _ in
            _ = peer.receiveRequest()
            _ = peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
            go.wait()
            _ = peer.send("3\r\ntwo\r\n0\r\nX-Trailer: 1\r\n\r\n")
            _ = peer.drain()
        })
        let pieces = try await withClient { client async throws in
            try await client.withResponse(to: HTTPRequest("GET", server.url)) { response in
                var pieces: [String] = []
                for try await chunk in response.body {
                    pieces.append(String(decoding: chunk, as: UTF8.self))
                    go.open()
                }
                #expect(response.headers["x-trailer"] == nil)
                return pieces
            }
        }
        #expect(pieces == ["one", "two"])
    }

    @Test("a stream that was read to its end leaves its connection to the next")
    func reuse() async throws {
        let server = try TinyServer { _ in answer(body: "x") }
        try await withClient { client async throws in
            for _ in 0..<3 {
                let body = try await client.withResponse(to: HTTPRequest("GET", server.url)) {
                    try await $0.body.collect()
                }
                #expect(body == [120])
            }
        }
        #expect(server.connectionCount == 1)
    }
}
