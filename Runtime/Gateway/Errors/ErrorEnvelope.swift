import JSONCoding
import WireProtocol

/// The one form in which failures reach clients (contract 3.2): JSON, or problem details (RFC 9457).
///
/// An error's cause has no place in it.
enum ErrorEnvelope {
    /// The two media types.
    enum Form {
        case json
        case problem
    }

    /// The response to an error, without the fields that every answer carries, `X-Request-Id` and `Vary` among them.
    static func response(
        _ error: APIError, _ form: Form, id: RequestID, unixMilliseconds: UInt64
    ) -> OutgoingResponse {
        var headers = HeaderList()
        headers.reserve(160 + error.headers.packed.count)
        switch form {
        case .json: headers.append(constant: "content-type", "application/json")
        case .problem: headers.append(constant: "content-type", "application/problem+json")
        }
        headers.append(constant: "cache-control", "no-store")
        error.headers.forEach { name, value in
            // The envelope's own stand above, once.
            if name.isText("content-type") || name.isText("cache-control") { return }
            headers.append(name: name, value: value)
        }
        let body = form == .json ? json(error, id, unixMilliseconds) : problem(error, id, unixMilliseconds)
        return OutgoingResponse(status: error.status, headers: headers, body: body)
    }

    private static func json(_ error: APIError, _ id: RequestID, _ unixMilliseconds: UInt64) -> [UInt8] {
        var json = JSONWriter(reservingCapacity: 320)
        json.beginObject()
        json.key("error")
        json.beginObject()
        json.key("code")
        json.string(error.code)
        json.key("status")
        json.integer(error.status.code)
        json.key("message")
        json.string(error.message)
        write(error.details, key: "details", &json)
        json.key("timestamp")
        json.timestamp(unixMilliseconds: Int64(clamping: unixMilliseconds))
        json.key("requestId")
        json.string(id.description)
        json.endObject()
        json.endObject()
        return json.bytes
    }

    private static func problem(_ error: APIError, _ id: RequestID, _ unixMilliseconds: UInt64) -> [UInt8] {
        var json = JSONWriter(reservingCapacity: 320)
        json.beginObject()
        json.key("type")
        json.string("about:blank")
        json.key("title")
        json.string(error.status.reason)
        json.key("status")
        json.integer(error.status.code)
        json.key("detail")
        json.string(error.message)
        json.key("code")
        json.string(error.code)
        write(error.details, key: "errors", &json)
        json.key("requestId")
        json.string(id.description)
        json.key("timestamp")
        json.timestamp(unixMilliseconds: Int64(clamping: unixMilliseconds))
        json.endObject()
        return json.bytes
    }

    /// Absent when there are none.
    private static func write(_ details: [APIError.Detail], key: StaticString, _ json: inout JSONWriter) {
        guard !details.isEmpty else { return }
        json.key(key)
        json.beginArray()
        for detail in details {
            json.beginObject()
            json.key("field")
            json.string(detail.field)
            json.key("in")
            json.string(detail.location)
            json.key("message")
            json.string(detail.message)
            json.endObject()
        }
        json.endArray()
    }
}
