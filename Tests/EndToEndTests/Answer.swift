import Foundation

/// A response as a test reads it.
struct Answer {
    var status: Int
    var headers: [(name: String, value: String)]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    func header(_ name: String) -> String? { headers.first { $0.name == name.lowercased() }?.value }

    /// The body as JSON.
    func json() throws -> [String: Any] {
        guard let object = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else {
            throw TestFailure("no JSON object: \(text)")
        }
        return object
    }

    /// The error's code and message, where the body is the envelope.
    func errorCode() throws -> String {
        guard let error = try json()["error"] as? [String: Any], let code = error["code"] as? String else {
            throw TestFailure("no error envelope: \(text)")
        }
        return code
    }
}

struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
