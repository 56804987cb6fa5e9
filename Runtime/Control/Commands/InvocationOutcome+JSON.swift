import JSONCoding

extension InvocationOutcome {
    /// `{"status":…,"headers":{…},"body":…,"durationMs":…}` in one line.
    ///
    /// The body is JSON where its `Content-Type` says so and it is, else text in which what is no UTF-8 is replaced, and null
    /// where there is none. A header that comes more than once has an array of its values.
    public func json() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("status")
        json.integer(status)
        json.key("headers")
        json.beginObject()
        var seen: Set<String> = []
        for (name, _) in headers where seen.insert(name).inserted {
            let values = headers.filter { $0.name == name }.map(\.value)
            json.key(name)
            if values.count == 1 {
                json.string(values[0])
            } else {
                json.beginArray()
                for value in values { json.string(value) }
                json.endArray()
            }
        }
        json.endObject()
        json.key("body")
        if body.isEmpty {
            json.null()
        } else if isJSON, let value = try? JSONValue.parse(body) {
            json.value(value)
        } else {
            json.string(String(decoding: body, as: UTF8.self))
        }
        json.key("durationMs")
        json.double(milliseconds)
        json.endObject()
        json.endLine()
        return json.bytes
    }

    /// Whether the body's type is `application/json`, or ends with `+json` (RFC 6839, section 3.1).
    private var isJSON: Bool {
        let type = headers.first { $0.name == "content-type" }?.value.prefix { $0 != ";" } ?? ""
        let name = type.lowercased().filter { $0 != " " && $0 != "\t" }
        return name == "application/json" || name.hasSuffix("+json")
    }
}
