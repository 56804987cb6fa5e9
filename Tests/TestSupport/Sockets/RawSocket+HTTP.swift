extension RawSocket {
    /// Receives one response whose body ends by `Content-Length` or chunks; `hasBody` false for the answer to HEAD.
    public func receiveResponse(
        hasBody: Bool = true, within milliseconds: Int = 10_000
    ) throws(RawSocketFailure) -> RawResponse {
        let text = try receive(until: "\r\n\r\n", within: milliseconds)
        var response = RawResponse(head: text)
        guard hasBody, response.status >= 200, response.status != 204, response.status != 304 else {
            return response
        }
        if response["transfer-encoding"] == "chunked" {
            while true {
                let line = try receive(until: "\r\n", within: milliseconds)
                guard let size = Int(line.prefix { $0.isHexDigit }, radix: 16) else {
                    throw .ended(received: line)
                }
                if size == 0 { break }
                response.body += try receive(count: size, within: milliseconds)
                _ = try receive(until: "\r\n", within: milliseconds)
            }
            _ = try receive(until: "\r\n", within: milliseconds)
        } else if let length = response["content-length"].flatMap({ Int($0) }) {
            response.body = try receive(count: length, within: milliseconds)
        }
        return response
    }
}
