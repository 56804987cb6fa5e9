import FunctionKit
import Glibc

// Answers that a handler may give or must not; each holds the word `leak` where a client must not see it.
extension FunctionProbe {
    /// The answer of that name.
    static func answer(_ name: String) -> Response {
        switch name {
        case "cr": leaking("x-leak", "a\rb")
        case "lf": leaking("x-leak", "a\nb")
        case "crlf": leaking("x-leak", "a\r\nset-cookie: leak=1")
        case "two answers": leaking("x-leak", "a\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nleak")
        case "nul": leaking("x-leak", "a\0b")
        case "del": leaking("x-leak", "a\u{7F}b")
        case "name with a space": leaking("x leak", "a")
        case "name with crlf": leaking("x-leak\r\nset-cookie", "leak=1")
        case "name with a colon": leaking("x-leak:", "a")
        case "content-length": leaking("Content-Length", "1")
        case "transfer-encoding": leaking("Transfer-Encoding", "chunked")
        case "connection": leaking("Connection", "close")
        case "keep-alive": leaking("Keep-Alive", "timeout=5")
        case "upgrade": leaking("Upgrade", "leak")
        case "trailer": leaking("Trailer", "leak")
        case "cookies":
            Response(headers: ["Set-Cookie": "a=1; Path=/", "X-Between": "yes", "Set-Cookie": "b=2, c=3"])
        case "internal":
            Response(headers: ["Swiftlet-Leak": "1", "X-Request-Id": "leak", "Date": "leak", "X-Kept": "yes"])
        case let status where UInt16(status) != nil:
            Response(status: Status(UInt16(status) ?? 0), headers: ["X-Status": "set"], body: Array("leak".utf8))
        default: .text("unknown answer \(name)")
        }
    }

    /// An error of that name.
    static func refusal(_ name: String) -> APIError {
        switch name {
        case "crlf": APIError(.conflict, "leak", headers: ["x-leak": "a\r\nset-cookie: leak=1"])
        case "framing": APIError(.conflict, "leak", headers: ["content-length": "1"])
        default: APIError(code: "LEAK", status: Status(UInt16(name) ?? 0), message: "leak")
        }
    }

    /// The process's environment, one variable a line.
    static func environment() -> [String] {
        var found: [String] = []
        var next = environ
        while let text = next.pointee {
            found.append(String(cString: text))
            next += 1
        }
        return found
    }

    private static func leaking(_ name: String, _ value: String) -> Response {
        var headers: HeaderList = ["x-leak-before": "1"]
        headers.append(name, value)
        headers.append("x-leak-behind", "1")
        return Response(headers: headers, body: Array("leak".utf8))
    }
}
