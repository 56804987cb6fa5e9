import Foundation
import Testing

/// Idempotency keys over the gateway's end and its next start.
@Suite(.timeLimit(.minutes(2))) struct IdempotencyRestartTests {
    static let functions =
        #"  FunctionProbe: {route: POST /probe, auth: required, idempotency: {for: 1h}, timeout: 60s, env: {PROBE_GREETING: hi}}"#
    static let environment = ["JWT_SECRET": TestToken.secret]

    private let folder: String
    private let headers: [String]

    init() throws {
        folder = try ServedAPI.makeFolder(
            functions: Self.functions, top: #"auth: {jwt: {secret: "${JWT_SECRET}"}}"#)
        headers = ["Authorization: Bearer \(try TestToken.make(id: "7", roles: []))"]
    }

    private func serve() throws -> ServedAPI { try ServedAPI(folder: folder, environment: Self.environment) }

    @Test("what was answered before the gateway was killed is answered again after it, and what ran then is told")
    func killed() throws {
        let first = try serve()
        let done = headers + ["Idempotency-Key: done"]
        let open = headers + ["Idempotency-Key: open"]
        let answer = try first.client().post("/probe", json: #"{"action":"echo","text":"once"}"#, headers: done)
        #expect(answer.status == 200, "\(answer.text)")
        let hanging = try first.client()
        let body = Array(#"{"action":"hang"}"#.utf8)
        try hanging.start(
            "POST", "/probe", headers: open + ["Content-Type: application/json", "Content-Length: \(body.count)"])
        try hanging.write(body)
        eventually("the handler is at it") {
            (try? first.status(of: "FunctionProbe")["inFlight"] as? Int) == 1
        }
        kill(first.process.processIdentifier, SIGKILL)
        first.process.waitUntilExit()

        let second = try serve()
        let again = try second.client().post("/probe", json: #"{"action":"echo","text":"once"}"#, headers: done)
        #expect(again.status == 200)
        #expect(again.header("idempotent-replayed") == "true")
        #expect(again.body == answer.body)
        let unknown = try second.client().post("/probe", json: #"{"action":"hang"}"#, headers: open)
        #expect(unknown.status == 409)
        #expect(try unknown.errorCode() == "IDEMPOTENCY_CONFLICT")
        #expect(unknown.text.contains("outcome"))
        #expect(unknown.header("retry-after") == nil)
        // Nothing ran for either.
        #expect(try second.status(of: "FunctionProbe")["coldStarts"] as? Int == 0)
    }

    @Test("a client that went away gets the answer at its next try")
    func gone() throws {
        let served = try serve()
        let fields = headers + ["Idempotency-Key: gone"]
        let body = Array(#"{"action":"sleep","count":300}"#.utf8)
        do {
            let client = try served.client()
            try client.start(
                "POST", "/probe", headers: fields + ["Content-Type: application/json", "Content-Length: \(body.count)"])
            try client.write(body)
            eventually("the handler is at it") {
                (try? served.status(of: "FunctionProbe")["inFlight"] as? Int) == 1
            }
        }
        eventually("the answer is there, and nothing ran twice") {
            guard
                let answer = try? served.client().post(
                    "/probe", json: #"{"action":"sleep","count":300}"#, headers: fields)
            else { return false }
            return answer.status == 200 && answer.header("idempotent-replayed") == "true"
        }
    }
}
