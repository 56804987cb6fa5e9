import Glibc
import HTTPServing
import NIOPosix
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ListeningTests {
    /// Runs `body` with a folder that is removed with the socket or file `s` in it.
    static func inFolder(_ body: (String) async throws -> Void) async throws {
        var template = Array("/tmp/swiftlet-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw RawSocketFailure.system("mkdtemp", errno) }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer {
            unlink(folder + "/s")
            rmdir(folder)
        }
        try await body(folder)
    }

    @Test("a Unix socket serves, is replaced when stale, and is gone after draining")
    func unix() async throws {
        try await ListeningTests.inFolder { folder in
            let path = folder + "/s"
            try await Fixture.run { fixture in
                #expect(try await fixture.server.bind(to: [.unix(path: path)]) == [.unix(path: path)])
                let socket = try RawSocket(path: path)
                try socket.send(Fixture.get("/loop"))
                #expect(try socket.receiveResponse().text == "0 unix")
                await #expect(throws: ListenFailure.self) {
                    _ = try await fixture.server.bind(to: [.unix(path: path)])
                }
            }
            #expect(access(path, F_OK) != 0)
            try ListeningTests.leaveStaleSocket(path)
            try await Fixture.run { fixture in
                _ = try await fixture.server.bind(to: [.unix(path: path)])
                let socket = try RawSocket(path: path)
                try socket.send(Fixture.get("/loop"))
                #expect(try socket.receiveResponse().status == 200)
            }
        }
    }

    @Test("a file that is no socket is not removed")
    func file() async throws {
        try await ListeningTests.inFolder { folder in
            let path = folder + "/s"
            close(open(path, O_CREAT | O_WRONLY, 0o600))
            try await Fixture.run { fixture in
                let failure = await #expect(throws: ListenFailure.self) {
                    _ = try await fixture.server.bind(to: [.unix(path: path)])
                }
                #expect(
                    failure?.description.hasSuffix("a file that is no socket is in the way; remove it")
                        == true)
            }
            #expect(access(path, F_OK) == 0)
        }
    }

    @Test("what cannot be listened on is told in a sentence, and the others are closed again")
    func failures() async throws {
        try await Fixture.run { fixture in
            let taken = ListenEndpoint.tcp(host: "127.0.0.1", port: fixture.port)
            let failure = await #expect(throws: ListenFailure.self) {
                _ = try await fixture.server.bind(to: [taken])
            }
            #expect(
                failure?.description
                    == "cannot listen on \(taken): the address is in use; stop the other program or choose another port"
            )
            try await ListeningTests.inFolder { folder in
                let path = folder + "/s"
                await #expect(throws: ListenFailure.self) {
                    _ = try await fixture.server.bind(to: [.unix(path: path), taken])
                }
                #expect(access(path, F_OK) != 0)
            }
            for endpoint: ListenEndpoint in [
                .tcp(host: "127.0.0.1", port: 65_536), .tcp(host: "203.0.113.7", port: 0),
                .unix(path: "/nowhere/at/all"), .unix(path: String(repeating: "p", count: 108)),
            ] {
                let failure = await #expect(throws: ListenFailure.self) {
                    _ = try await fixture.server.bind(to: [endpoint])
                }
                #expect(failure?.endpoint == endpoint)
            }
        }
    }

    @Test("several endpoints are one server")
    func several() async throws {
        try await Fixture.run { fixture in
            let bound = try await fixture.server.bind(
                to: [.tcp(host: "127.0.0.1", port: 0), .tcp(host: "localhost", port: 0)])
            #expect(bound.count == 2)
            for endpoint in bound {
                guard case .tcp("127.0.0.1", let port) = endpoint else { continue }
                let socket = try RawSocket(port: port)
                try socket.send(Fixture.get("/a"))
                #expect(try socket.receiveResponse().text == "GET /a?")
            }
            #expect(fixture.server.requests >= 1)
        }
    }

    @Test("an endpoint reads as one writes it")
    func descriptions() {
        #expect(ListenEndpoint.tcp(host: "127.0.0.1", port: 80).description == "127.0.0.1:80")
        #expect(ListenEndpoint.tcp(host: "::1", port: 80).description == "[::1]:80")
        #expect(ListenEndpoint.unix(path: "/a").description == "unix:/a")
        #expect(ListenEndpoint.descriptor(3).description == "fd:3")
    }

    private static func leaveStaleSocket(_ path: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw RawSocketFailure.system("bind", errno) }
    }
}
