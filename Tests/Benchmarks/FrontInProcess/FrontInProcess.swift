import HTTPServing
import NIOPosix
import WireProtocol

/// Swiftlet's own front door answering in process, without gateway and worker: what isolation is measured against.
///
/// A GET is answered with so many bytes, a POST with the length of its body: FrontInProcess PORT BYTES
@main
enum FrontInProcess {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        guard arguments.count == 2 else {
            print("usage: FrontInProcess PORT BYTES")
            return
        }
        let server = HTTPServer(
            group: MultiThreadedEventLoopGroup(numberOfThreads: 1), handler: FixedAnswers(bytes: arguments[1]))
        _ = try await server.bind(to: [.tcp(host: "127.0.0.1", port: arguments[0])])
        try await Task.sleep(for: .seconds(86_400))
    }
}

/// Answers every request at once, or as soon as its body is there.
final class FixedAnswers: RequestHandler {
    static let headers: HeaderList = ["Content-Type": "application/octet-stream"]
    private let answer: OutgoingResponse

    init(bytes: Int) {
        answer = OutgoingResponse(
            status: .ok, headers: FixedAnswers.headers, body: [UInt8](repeating: UInt8(ascii: "x"), count: bytes))
    }

    func accept(_ request: IncomingRequest, _ responder: any Responder) -> BodyPlan {
        guard request.method == .get else { return .gather(limit: 1 << 20, BodyLength(responder)) }
        responder.respond(answer)
        return .answered
    }

    func response(to failure: ParseFailure, peer: String) -> OutgoingResponse { OutgoingResponse(status: Status(400)) }
}

/// Answers with the length of a body once it is whole.
final class BodyLength: RequestReceiver {
    private let responder: any Responder

    init(_ responder: any Responder) { self.responder = responder }

    func gathered(_ body: [UInt8]) {
        responder.respond(
            OutgoingResponse(status: .ok, headers: FixedAnswers.headers, body: Array("\(body.count)".utf8)))
    }

    func failed(_ failure: ParseFailure) { responder.respond(OutgoingResponse(status: Status(400))) }

    func clientGone() {}
}
