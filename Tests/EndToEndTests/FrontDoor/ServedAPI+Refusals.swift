import Foundation
import TestSupport
import Testing

extension ServedAPI {
    /// Whatever is sent before `socket`'s answer: the answer is the one envelope, the connection's end follows, and log
    /// and counter have the reason.
    func expectRefusal(
        of bytes: String, status: Int, code: String, reason: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let before = try refusals(reason)
        let socket = try RawSocket(port: port)
        try socket.send(bytes)
        let answer = try socket.receiveResponse()
        try answer.expectEnvelope(status: status, code: code, sourceLocation: sourceLocation)
        #expect(answer["connection"] == "close", sourceLocation: sourceLocation)
        #expect(try socket.receiveToEnd().isEmpty, sourceLocation: sourceLocation)
        try expectRefusalLogged(answer, reason: reason, sourceLocation: sourceLocation)
        #expect(try refusals(reason) > before, sourceLocation: sourceLocation)
    }

    /// The log has one line with this reason for the request that was answered so.
    func expectRefusalLogged(
        _ answer: RawResponse, reason: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let id = try #require(answer["x-request-id"], sourceLocation: sourceLocation)
        eventually("the log tells why \(id) was refused", sourceLocation: sourceLocation) { !lines(of: id).isEmpty }
        let reasons = lines(of: id).filter { $0["message"] as? String == "request refused" }
        #expect(reasons.count == 1, sourceLocation: sourceLocation)
        #expect(reasons.first?["reason"] as? String == reason, sourceLocation: sourceLocation)
        #expect(reasons.first?["status"] as? Int == answer.status, sourceLocation: sourceLocation)
        #expect(reasons.first?["client"] as? String == "127.0.0.1", sourceLocation: sourceLocation)
    }

    /// How often this has been refused since the start.
    func refusals(_ reason: String) throws -> Int {
        let socket = try RawSocket(path: folder + "/.swiftlet/admin.sock")
        try socket.send("GET /status HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let body = try socket.receiveResponse().body
        let status = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
        guard let refusals = status?["refusals"] as? [String: Int] else { throw TestFailure("no count of refusals") }
        return refusals[reason] ?? 0
    }

    /// The log's lines with this request id.
    func lines(of requestID: String) -> [[String: Any]] {
        log.split(separator: "\n").filter { $0.contains(requestID) }.compactMap {
            try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }.filter { $0["requestId"] as? String == requestID }
    }

    /// The log's line of that request, once it is there.
    func requestLine(_ answer: RawResponse) throws -> [String: Any] {
        let id = try #require(answer["x-request-id"])
        var line: [String: Any]?
        eventually("the log has the request \(id)") {
            line = lines(of: id).first { $0["message"] as? String == "request" }
            return line != nil
        }
        return try #require(line)
    }

    /// Sends it over a connection of its own, and takes the answer.
    func ask(_ bytes: String, hasBody: Bool = true) throws -> RawResponse {
        let socket = try RawSocket(port: port)
        try socket.send(bytes)
        return try socket.receiveResponse(hasBody: hasBody)
    }

    func get(_ target: String, _ fields: String = "") throws -> RawResponse {
        try ask("GET \(target) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
    }
}

extension RawResponse {
    /// The one form in which failures reach clients.
    func expectEnvelope(
        status: Int, code: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(self.status == status, sourceLocation: sourceLocation)
        #expect(self["content-type"] == "application/json", sourceLocation: sourceLocation)
        #expect(self["cache-control"] == "no-store", sourceLocation: sourceLocation)
        #expect(self["date"]?.hasSuffix(" GMT") == true, sourceLocation: sourceLocation)
        #expect(self["server"] == nil, sourceLocation: sourceLocation)
        let object = try JSONSerialization.jsonObject(with: Data(body)) as? [String: [String: Any]]
        let error = try #require(object?["error"], "\(text)", sourceLocation: sourceLocation)
        #expect(error["code"] as? String == code, sourceLocation: sourceLocation)
        #expect(error["status"] as? Int == status, sourceLocation: sourceLocation)
        #expect((error["message"] as? String)?.isEmpty == false, sourceLocation: sourceLocation)
        #expect((error["timestamp"] as? String)?.hasSuffix("Z") == true, sourceLocation: sourceLocation)
        #expect(error["requestId"] as? String == self["x-request-id"], sourceLocation: sourceLocation)
        #expect(self["x-request-id"]?.isEmpty == false, sourceLocation: sourceLocation)
    }
}
