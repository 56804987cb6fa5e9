import Gateway
import Testing
import WireProtocol

@testable import Control

/// The admin listeners' rules, without sockets.
@Suite struct AdminHandlerTests {
    final class Source: StatusSource {
        func status(loop: Int, _ answer: @escaping @Sendable ([UInt8]) -> Void) { answer(Array("{}".utf8)) }
        func workers(loop: Int, _ answer: @escaping @Sendable ([UInt8]) -> Void) { answer(Array("[]".utf8)) }
    }
    final class Health: HealthSource {
        let isReady: Bool
        init(isReady: Bool) { self.isReady = isReady }
        func snapshot() -> HealthSnapshot { HealthSnapshot() }
    }
    final class Answer: Responder, @unchecked Sendable {  // no lock: one thread
        var response: OutgoingResponse?
        func respond(_ response: OutgoingResponse) { self.response = response }
        func begin(_ status: Status, _ headers: HeaderList, contentLength: Int?) {}
        func write(_ bytes: [UInt8]) -> Bool { true }
        func finish() {}
        func abort() {}
        func whenWritable(_ callback: @escaping @Sendable () -> Void) {}
    }

    func ask(
        _ method: Method, _ path: String, headers: HeaderList = ["host": "127.0.0.1:9901"], isPrivate: Bool = false,
        isReady: Bool = true
    ) throws -> OutgoingResponse {
        let handler = AdminHandler(source: Source(), health: Health(isReady: isReady), isPrivate: isPrivate)
        let answer = Answer()
        _ = handler.accept(IncomingRequest(method: method, path: Array(path.utf8), headers: headers), answer)
        return try #require(answer.response)
    }

    @Test(
        "each path has its answer",
        arguments: [
            ("/status", false, 200), ("/workers", false, 404), ("/workers", true, 200), ("/health/live", false, 200),
            ("/health/ready", false, 200), ("/", false, 404), ("/apply", true, 404),
        ])
    func paths(path: String, isPrivate: Bool, status: UInt16) throws {
        #expect(try ask(.get, path, isPrivate: isPrivate).status.code == status)
    }

    @Test("ready is 503 from the start of a shutdown on; live stays 200")
    func shutdown() throws {
        #expect(try ask(.get, "/health/ready", isReady: false).status.code == 503)
        #expect(try ask(.get, "/health/live", isReady: false).status.code == 200)
    }

    @Test("only GET and HEAD; 405 names them")
    func methods() throws {
        let answer = try ask(.post, "/status")
        #expect(answer.status.code == 405)
        #expect(answer.headers["allow"] == "GET, HEAD")
        #expect(try ask(.head, "/status").status.code == 200)
    }

    @Test("every answer has a request id, the client's where it is acceptable")
    func requestID() throws {
        for path in ["/status", "/health/live", "/nothing"] {
            let headers: HeaderList = ["host": "localhost", "x-request-id": "mine"]
            #expect(try ask(.get, path, headers: headers).headers["x-request-id"] == "mine")
            #expect(try ask(.get, path).headers["x-request-id"]?.hasPrefix("req_") == true)
        }
    }

    @Test("errors are the envelope, with id and time")
    func errors() throws {
        let headers: HeaderList = ["host": "localhost", "x-request-id": "mine"]
        let text = String(decoding: try ask(.get, "/nothing", headers: headers).body, as: UTF8.self)
        #expect(text.hasPrefix(#"{"error":{"code":"NOT_FOUND","status":404,"message":""#))
        #expect(text.contains(#""timestamp":""#) && text.hasSuffix(#""requestId":"mine"}}"#))
    }

    @Test(
        "a web page is refused: by Origin, and by a Host that is a name",
        arguments: [
            ("127.0.0.1", "http://evil.example", 403), ("evil.example", nil, 403), ("evil.example:9901", nil, 403),
            ("1.2.3.4.example", nil, 403), ("localhost:9901", nil, 200), ("LOCALHOST", nil, 200),
            ("10.1.2.3:9901", nil, 200), ("[::1]:9901", nil, 200), ("[evil]", nil, 403), ("300.1.1.1", nil, 403),
        ] as [(String, String?, UInt16)])
    func webPages(host: String, origin: String?, status: UInt16) throws {
        var headers: HeaderList = ["host": host]
        if let origin { headers.append("origin", origin) }
        #expect(try ask(.get, "/status", headers: headers).status.code == status)
    }
}
