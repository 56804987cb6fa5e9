import HTTPServing
import NIOCore
import NIOPosix
import TestSupport
import Testing

/// A server on a free port of the loopback interface, with a handler that tells what it saw.
struct Fixture: Sendable {
    let server: HTTPServer
    let handler: FixtureHandler
    let port: Int

    /// Runs `body` with a server that ends with it.
    static func run(
        threads: Int = 1, _ change: (inout HTTPServerConfiguration) -> Void = { _ in },
        _ body: (Fixture) async throws -> Void
    ) async throws {
        // No deadline ends by itself, however slowly the tests run.
        var configuration = HTTPServerConfiguration()
        configuration.headerTimeout = .seconds(600)
        configuration.idleTimeout = .seconds(600)
        configuration.bodyWindow = .seconds(600)
        configuration.writeTimeout = .seconds(600)
        configuration.halfClosedTimeout = .seconds(600)
        change(&configuration)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let handler = FixtureHandler(loops: Array(group.makeIterator()))
        let server = HTTPServer(
            configuration: configuration, group: group, handler: handler, observer: handler)
        do {
            let bound = try await server.bind(to: [.tcp(host: "127.0.0.1", port: 0)])
            guard case .tcp(_, let port) = bound.first else { throw ChannelError.unknownLocalAddress }
            try await body(Fixture(server: server, handler: handler, port: port))
        } catch {
            await server.drain(grace: .zero)
            try await group.shutdownGracefully()
            throw error
        }
        await server.drain(grace: .zero)
        try await group.shutdownGracefully()
    }

    func connect() throws -> RawSocket { try RawSocket(port: port) }

    /// Waits until this was seen; the suite's time limit ends the wait.
    func sees(_ event: ServingEvent) async -> Bool {
        for await seen in handler.events where seen == event { return true }
        return false
    }

    static func get(_ target: String, _ fields: String = "") -> String {
        "GET \(target) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    }

    static func post(_ target: String, _ body: String, _ fields: String = "") -> String {
        "POST \(target) HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)"
    }
}
